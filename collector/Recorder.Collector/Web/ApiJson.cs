using System.Text.Json;
using System.Text.Json.Serialization;
using Recorder.Collector.Sessions;

namespace Recorder.Collector.Web;

/// <summary>Everything that the API writes as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(ProcessList))]
[JsonSerializable(typeof(ConnectionList))]
[JsonSerializable(typeof(OriginList))]
[JsonSerializable(typeof(SearchHitView))]
internal sealed partial class ApiJson : JsonSerializerContext;
