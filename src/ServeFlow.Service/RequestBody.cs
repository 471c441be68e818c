using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServeFlow.Service.Inference;

namespace ServeFlow.Service;

/// <summary>Reads the bodies of calls.</summary>
static class RequestBody
{
    const string Json = "application/json";

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

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding "
                + $"'{InputException.Quote(encoding)}': send the body as it is");
        }
    }

    /// <summary>Reads an object; gives none where there is no body.</summary>
    /// <exception cref="RequestException">It is something else.</exception>
    public static async Task<JsonElement?> ReadObjectAsync(HttpRequest request)
    {
        CheckType(request);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
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

    /// <summary>Reads the names and values of an object.</summary>
    /// <exception cref="RequestException">A name is no UTF-8.</exception>
    public static List<(string Name, JsonElement Value)> ReadFields(JsonElement element, string place)
    {
        try
        {
            return [.. element.EnumerateObject().Select(field => (field.Name, field.Value))];
        }
        catch (InvalidOperationException)
        {
            throw new RequestException(400, $"{place}: the name of a field is no UTF-8");
        }
    }
}
