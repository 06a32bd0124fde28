using System.Text.Json;
using Recorder.Collector.Store;

namespace Recorder.Collector.Web;

/// <summary>The one place where a failure becomes an answer.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, HostCheck hosts, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            if (!hosts.Allows(context.Request.Host.Host)) throw new ApiProblemException(ApiProblem.WrongHost(context.Request.Host.Value ?? string.Empty));
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                await WriteAsync(context, OfUnmatched(context));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; nobody is there to be told.
        }
        catch (Exception e)
        {
            var problem = Classify(e);
            if (problem.Status == StatusCodes.Status500InternalServerError) Log.RequestFailed(log, e, context.Request.Path);
            if (!context.Response.HasStarted)
            {
                await WriteAsync(context, problem);
                return;
            }

            // Part of the body is out: cutting the connection is the only way to say that the rest is missing.
            Log.AnswerCut(log, context.Request.Path, e.Message);
            context.Abort();
        }
    }

    private static ApiProblem Classify(Exception e) => e switch
    {
        ApiProblemException known => known.Problem,
        BadHttpRequestException bad => ApiProblem.OfStatus(bad.StatusCode),
        _ when StoreFailure.IsUnavailable(e) => ApiProblem.StoreUnavailable(),
        _ => ApiProblem.Internal(),
    };

    private static ApiProblem OfUnmatched(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ApiProblem.NotFound($"nothing is at {context.Request.Path}"),
        StatusCodes.Status405MethodNotAllowed => ApiProblem.MethodNotAllowed(context.Request.Method),
        int status => ApiProblem.OfStatus(status),
    };

    public static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = ApiProblem.MediaType;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "2";
        return JsonSerializer.SerializeAsync(context.Response.Body, problem, ApiJson.Default.ApiProblem, context.RequestAborted);
    }
}
