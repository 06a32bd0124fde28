using System.Text.Json.Serialization;

namespace Recorder.Collector.Web;

/// <summary>RFC 9457 problem details.</summary>
/// <param name="Type">A URN that names the kind of problem.</param>
/// <param name="Title">The kind in words; the same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong with this request.</param>
/// <param name="Parameter">The query or path parameter that is wrong, or null.</param>
internal sealed record ApiProblem(
    string Type,
    string Title,
    int Status,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Parameter = null)
{
    public const string MediaType = "application/problem+json";
    private const string Prefix = "urn:recorder:problem:";
    private const int ShownValueLimit = 100;

    public static ApiProblem BadParameter(string name, string value, string allowed) =>
        new(Prefix + "bad-parameter", "A parameter is not allowed", StatusCodes.Status400BadRequest, $"{name} is '{Shown(value)}', allowed is {allowed}", name);

    public static ApiProblem UnknownParameter(string name, IEnumerable<string> known) =>
        new(Prefix + "unknown-parameter", "A parameter is not known", StatusCodes.Status400BadRequest,
            $"'{Shown(name)}' is not a parameter of this resource; known are {string.Join(", ", known.DefaultIfEmpty("none"))}", Shown(name));

    public static ApiProblem NotFound(string what) =>
        new(Prefix + "not-found", "Not found", StatusCodes.Status404NotFound, what);

    public static ApiProblem MethodNotAllowed(string method) =>
        new(Prefix + "method-not-allowed", "The method is not allowed", StatusCodes.Status405MethodNotAllowed, $"{Shown(method)} is not allowed here; this API is read with GET");

    public static ApiProblem NotAcceptable(string accept, string offered) =>
        new(Prefix + "not-acceptable", "No such representation", StatusCodes.Status406NotAcceptable, $"Accept is '{Shown(accept)}', offered is {offered}");

    public static ApiProblem HasGaps(int gaps, ulong bytes) =>
        new(Prefix + "gaps", "The stream has gaps", StatusCodes.Status409Conflict, $"the stream has {gaps} gaps of together {bytes} known bytes and gaps=fail was asked for");

    public static ApiProblem RangeNotSatisfiable(string detail) =>
        new(Prefix + "range", "The range can't be served", StatusCodes.Status416RangeNotSatisfiable, detail);

    public static ApiProblem WrongHost(string host) =>
        new(Prefix + "wrong-host", "The request is addressed to another host", StatusCodes.Status421MisdirectedRequest,
            $"Host is '{Shown(host)}', allowed are localhost, loopback addresses and the names given by 'hosts'");

    public static ApiProblem StoreUnavailable() =>
        new(Prefix + "store-unavailable", "The store is not reachable", StatusCodes.Status503ServiceUnavailable, "the store did not answer; the collector's log says why. Try again later");

    public static ApiProblem Internal() =>
        new(Prefix + "internal", "The collector failed", StatusCodes.Status500InternalServerError, "an unexpected error; the collector's log has it");

    public static ApiProblem OfStatus(int status) =>
        new("about:blank", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, "the request can't be served");

    private static string Shown(string value) => value.Length <= ShownValueLimit ? value : value[..ShownValueLimit] + "…";
}

/// <summary>Ends a request with a problem; caught in one place.</summary>
internal sealed class ApiProblemException(ApiProblem problem) : Exception(problem.Detail)
{
    public ApiProblem Problem { get; } = problem;
}
