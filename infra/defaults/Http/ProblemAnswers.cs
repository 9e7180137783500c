using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Defaults;

/// <summary>Every error leaves as RFC 9457 problem details, with nothing of the inside in it.</summary>
internal static class ProblemAnswers
{
    public static void AddFleetProblems(this IServiceCollection services)
    {
        // A body that cannot be bound tells what and where, not only that.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            if (problem.Type is null || !problem.Type.StartsWith(Problems.TypePrefix, StringComparison.Ordinal))
                problem.Type = Problems.TypePrefix + TypeOf(problem.Status ?? 500);
            if (context.Exception is BadHttpRequestException bad)
                problem.Detail = bad.InnerException is JsonException json ? WithoutTypes(json.Message) : bad.Message;
        });
    }

    // System.Text.Json names the .NET type it could not fill; that is ours to know.
    private static string WithoutTypes(string message) => message.Split(" could not be mapped to any .NET member", 2) is [var member, _]
        ? $"{member} is not one this request has."
        : message;

    public static void UseFleetProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException, // the caller's mistake, not ours
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
    }

    private static string TypeOf(int status) => status switch
    {
        400 => "malformed",
        401 => "token",
        403 => "missing-right",
        404 => "no-such-route",
        405 => "method",
        413 => "too-large",
        415 => "media-type",
        >= 500 => "internal",
        _ => "http",
    };
}
