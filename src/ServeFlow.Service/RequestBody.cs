using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServeFlow.Service.Inference;

namespace ServeFlow.Service;

/// <summary>Reads the bodies of calls.</summary>
static class RequestBody
{
    const string Json = "application/json";

    /// <summary>Lists the names of UTF-8 and of what is a part of it.</summary>
    static readonly string[] Charsets = ["utf-8", "utf8", "us-ascii"];

    /// <summary>Checks the kind of a body by its headers. Triton's client says no type, which is one of ours then.
    /// </summary>
    /// <param name="other">A type that is taken beside JSON; null for none.</param>
    /// <exception cref="RequestException">It is of another kind.</exception>
    public static void CheckType(HttpRequest request, string? other = null)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        if (!string.IsNullOrEmpty(type) && !type.Equals(Json, StringComparison.OrdinalIgnoreCase)
            && !type.Equals(other, StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, $"Content-Type "
                + $"'{InputException.Quote(type)}': give {Json}{(other is null ? "" : $" or {other}")}");
        }

        if (Charset(request.ContentType) is { } charset
            && !Charsets.Contains(charset, StringComparer.OrdinalIgnoreCase))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, $"Content-Type, charset "
                + $"'{InputException.Quote(charset)}': give UTF-8");
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding "
                + $"'{InputException.Quote(encoding)}': send the body as it is");
        }
    }

    static string? Charset(string? type) => type?.Split(';').Skip(1).Select(part => part.Split('=', 2))
        .FirstOrDefault(pair => pair.Length == 2
            && pair[0].Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
        ?[1].Trim(' ', '"');

    /// <summary>Reads an object; gives none where there is no body.</summary>
    /// <exception cref="RequestException">It is something else.</exception>
    public static async Task<JsonElement?> ReadObjectAsync(HttpRequest request)
    {
        CheckType(request);
        using var body = new MemoryStream();
        await ReadAsync(() => request.Body.CopyToAsync(body, request.HttpContext.RequestAborted));
        var bytes = body.ToArray();
        if (!bytes.AsSpan().ContainsAnyExcept(" \t\r\n"u8))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone()
                : throw new RequestException(400, "the body is no JSON object");
        }
        catch (JsonException e)
        {
            throw RequestException.NotJson(e);
        }
    }

    /// <summary>Reads a body. The web server reports some of what is wrong with one as a failure of its own.</summary>
    /// <exception cref="BadHttpRequestException">It does not come as it should.</exception>
    public static async Task ReadAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }

    /// <summary>Reads the names and values of an object.</summary>
    /// <exception cref="RequestException">A name is no UTF-8, or stands there twice.</exception>
    public static List<(string Name, JsonElement Value)> ReadFields(JsonElement element, string place)
    {
        try
        {
            List<(string Name, JsonElement Value)> fields =
                [.. element.EnumerateObject().Select(field => (field.Name, field.Value))];
            return fields.GroupBy(field => field.Name).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw RequestException.Twice(twice.Key)
                : fields;
        }
        catch (InvalidOperationException)
        {
            throw new RequestException(400, $"{place}: the name of a field is no UTF-8");
        }
    }
}
