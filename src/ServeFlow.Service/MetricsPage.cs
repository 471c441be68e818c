using System.Text;
using Microsoft.AspNetCore.Http;

namespace ServeFlow.Service;

/// <summary>Adds the histograms to the page that OpenTelemetry's exporter writes.</summary>
sealed class MetricsPage(IRunningSensor sensor)
{
    public const string Path = "/metrics";

    /// <summary>Ends a page in OpenMetrics' form.</summary>
    const string End = "# EOF\n";

    public async Task AddAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path != Path)
        {
            await next(context);
            return;
        }

        var body = context.Response.Body;
        using var page = new MemoryStream();
        context.Response.Body = page;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        if (page.Length == 0)
        {
            return;
        }

        var text = Encoding.UTF8.GetString(page.GetBuffer().AsSpan(0, (int)page.Length));
        var whole = context.Response.StatusCode == StatusCodes.Status200OK ? Add(text) : text;
        var bytes = Encoding.UTF8.GetBytes(whole);
        context.Response.ContentLength = bytes.Length;
        await body.WriteAsync(bytes, context.RequestAborted);
    }

    string Add(string text)
    {
        var hasEnd = text.EndsWith(End, StringComparison.Ordinal);
        var whole = new StringBuilder(hasEnd ? text[..^End.Length] : text);
        foreach (var histogram in sensor.ReadHistograms())
        {
            histogram.WriteTo(whole);
        }

        return whole.Append(hasEnd ? End : "").ToString();
    }
}
