using System.Text.Json.Serialization;

namespace Recorder.Cli.Api;

/// <summary>Generated readers: the command starts without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(SessionProcess))]
[JsonSerializable(typeof(SessionConnection))]
[JsonSerializable(typeof(SearchHit))]
[JsonSerializable(typeof(Origin))]
[JsonSerializable(typeof(FrameLine))]
internal sealed partial class ApiJson : JsonSerializerContext;
