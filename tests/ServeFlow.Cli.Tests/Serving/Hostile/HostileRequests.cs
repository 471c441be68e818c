using System.Text;

namespace ServeFlow.Cli.Tests.Serving.Hostile;

/// <summary>
/// Makes requests that are wrong: each with one thing that the sensor has to name, or with anything changed at random.
/// </summary>
sealed class HostileRequests(Random random, SensorRequests sound, IReadOnlyList<AskedModel> models)
{
    static readonly string[] Odd =
    [
        "", " ", "null", "true", "-1", "1e999", "NaN", "{}", "[]", "[[[[", "\"", "\\", "\\ud800", "ü", "\0", "%00",
        "%2e%2e", "%2F", "..", "../..", "a=b", "<script>", "';--", "99999999999999999999", "\r\n", "\u202e", "𝔘",
    ];

    /// <summary>Makes a request with one thing wrong, which the answer has to name.</summary>
    public WireRequest Named() => random.Next(11) switch
    {
        0 => Token(),
        1 => Method(),
        2 => BodyKind(),
        3 => Query(),
        4 => Tensor(),
        5 => Binary(),
        6 => Repository(),
        7 => Size(),
        8 => Form(),
        9 => Model(),
        _ => Stop(),
    };

    /// <summary>Makes a request with anything changed at random, once or some times.</summary>
    public WireRequest Mutated()
    {
        var request = Sound() with { Status = null, Check = null };
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            request = random.Next(5) switch
            {
                0 => request with { Method = sound.Pick("GET", "POST", "PUT", "HEAD", "OPTIONS", "BREW", "get") },
                1 => request with { Target = MutateTarget(request.Target) },
                2 => MutateHeader(request),
                _ => request with { Body = Mutate(request.Body) },
            };
        }

        return request.Target.Contains("/api/stop", StringComparison.OrdinalIgnoreCase) ? Mutated() : request;
    }

    /// <summary>Makes bytes that are no HTTP, or HTTP that ends too soon.</summary>
    public WireRequest Garbage()
    {
        var bytes = Sound().ToBytes();
        var raw = random.Next(5) switch
        {
            0 => [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => (byte)random.Next(256))],
            1 => bytes[..random.Next(bytes.Length)],
            2 => Mutate(bytes),
            3 => Encoding.Latin1.GetBytes($"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n"),
            _ => Encoding.Latin1.GetBytes($"POST {sound.Pick("/v2/repository/index", "/v2/models/iot/infer")} "
                + $"HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sound.Token}\r\nTransfer-Encoding: chunked\r\n\r\n"
                + $"{sound.Pick("zz", "-1", "ffffffffffffffff", "5\r\nab")}\r\n"),
        };
        return sound.New("GET", "/") with { Raw = raw };
    }

    WireRequest Sound() => random.Next(24) switch
    {
        < 6 => sound.Read(),
        < 9 => sound.Index(),
        < 13 => sound.Events(),
        < 15 => sound.Page(),
        < 22 => sound.Infer(),
        _ => sound.Change(),
    };

    WireRequest Token() => Wrong(random.Next(2) == 0 ? sound.Read() : sound.Change(), 401, "Authorization").With(
        "Authorization", sound.Pick(null, "", "Bearer", "Bearer x", "Basic eDp4", $"Bearer {new string('0', 32)}"));

    WireRequest Method()
    {
        var method = sound.Pick("PUT", "DELETE", "PATCH", "TRACE", "BREW", "OPTIONS");
        var request = random.Next(2) == 0 ? sound.Read() : sound.Change();
        return Wrong(request, 405, method) with { Method = method };
    }

    WireRequest BodyKind() => random.Next(3) switch
    {
        0 => Wrong(sound.InferText(sound.Pick(models)), 415, "Content-Type")
            .With("Content-Type", sound.Pick("text/plain", "application/xml", "application/jsonx", "a", "/")),
        1 => Wrong(sound.Index(), 415, "Content-Encoding").With("Content-Encoding", sound.Pick("gzip", "br", "x")),
        _ => Wrong(sound.Read(), 413, "body") with { Method = "GET", Body = [.. "{}"u8] },
    };

    WireRequest Query() => random.Next(6) switch
    {
        0 => Wrong(sound.New("POST", $"/api/log-level?level={Escaped()}"), 400, "level"),
        1 => Wrong(sound.New("POST", "/api/log-level"), 400, "level"),
        2 => Wrong(sound.New("GET", $"/api/history?step={Escaped()}x"), 400, "step"),
        3 => Wrong(sound.New("GET", $"/api/events?filter=port%3D{Escaped()}x"), 400, "port="),
        4 => Wrong(sound.New("POST", $"/api/models/iot/canary?share={sound.Pick("0", "2", "-1", "x", "NaN", "")}"), 422,
            "share"),
        _ => Wrong(sound.New("POST", "/api/models/iot/versions/0x/activate"), 422, "version"),
    };

    WireRequest Tensor()
    {
        var model = sound.Pick(models);
        var (field, by) = sound.Pick(("name", "\"x\""), ("name", "1"), ("datatype", "\"INT64\""), ("datatype", "null"),
            ("shape", "[]"), ("shape", "[0,0]"), ("shape", "[1]"), ("shape", $"[-1,{model.Columns}]"),
            ("shape", "\"x\""), ("shape", $"[1.5,{model.Columns}]"), ("shape", $"[99999,{model.Columns}]"),
            ("data", "[]"), ("data", "{}"), ("data", "[0,0]"), ("data", "[[0]]"), ("data", "[1e99]"),
            ("data", "[\"0\"]"), ("data", "null"), ("parameters", "[]"), ("extra", "1"),
            ("parameters", "{\"binary_data_size\":\"1\"}"));
        return Wrong(sound.InferText(model, 1, field, by), 400, $"inputs[0].{(field == "parameters" ? "" : field)}");
    }

    WireRequest Binary()
    {
        var model = sound.Pick(models);
        return random.Next(2) == 0
            ? Wrong(sound.InferBinary(model, sound.Pick("x", "-1", "99999999", "1e3", "")), 400,
                "Inference-Header-Content-Length")
            : Wrong(sound.InferBinary(model, columns: sound.Pick(0, 1, -1, model.Columns - 1, int.MaxValue)), 400,
                "inputs[0].shape");
    }

    WireRequest Repository()
    {
        var (path, body, named) = sound.Pick(("index", "[1]", "object"), ("index", "{", "JSON"),
            ("index", "{\"ready\":1}", "ready"), ("index", "{\"a\":1}", "a: "), ("index", "\u00ff", "JSON"),
            ("models/other/load", "{\"parameters\":1}", "parameters"), ("models/other/load", "x", "JSON"),
            ("models/other/load", "{\"parameters\":{\"config\":\"{}\"}}", "parameters.config"),
            ("models/other/unload", "{\"parameters\":{\"unload_dependents\":1}}", "unload_dependents"),
            ("models/other/unload", "{\"\\ud800\":1}", ""));
        return Wrong(sound.Json($"/v2/repository/{path}", body), 400, named);
    }

    WireRequest Size() => random.Next(2) == 0
        ? Wrong(sound.Index(), 413, "body") with { Body = new byte[70_000] }
        : Wrong(sound.InferText(models[0]), 413, "Content-Length") with { Body = [], Length = 9 << 20 };

    WireRequest Form() => random.Next(4) switch
    {
        0 => Wrong(sound.Form("/sign-in", "token=x"), 403, "Origin").With("Origin", "http://evil.example"),
        1 => Wrong(sound.Form("/sign-in", "token=x"), 403, "Origin").With("Origin", null),
        2 => Wrong(sound.Form("/sign-in", "token=x"), 415, "Content-Type")
            .With("Content-Type", sound.Pick("text/plain", "multipart/form-data", "application/json", null)),
        _ => Wrong(sound.Form("/sign-in", sound.Pick("", "x", "tokens=x", "&&&", new string('&', 3000))), 400, "token"),
    };

    WireRequest Model() => random.Next(3) switch
    {
        0 => Wrong(sound.New("POST", $"/v2/repository/models/x{Escaped()}/load"), 422, "model"),
        1 => Wrong(sound.New("GET", "/v2/models/none"), 404, "model 'none'"),
        _ => Wrong(sound.InferText(new("none", "INT8", 4)), 404, "model 'none'"),
    };

    WireRequest Stop() => random.Next(2) == 0 ? Wrong(sound.New("GET", "/api/stop"), 405, "GET")
        : Wrong(sound.New("POST", "/api/stop"), 401, "Authorization").With("Authorization", "Bearer 0");

    static WireRequest Wrong(WireRequest request, int status, string named) =>
        request with { Status = status, Named = named, Check = null };

    /// <summary>Makes odd text that stands within one segment of a path.</summary>
    string Escaped() => Uri.EscapeDataString(sound.Pick(Odd).Replace("/", "", StringComparison.Ordinal)
        .Replace("\0", "", StringComparison.Ordinal));

    string MutateTarget(string target)
    {
        var at = random.Next(1, target.Length + 1);
        var word = Uri.EscapeDataString(sound.Pick(Odd)).Replace("%25", "%", StringComparison.Ordinal);
        return random.Next(4) switch
        {
            0 => target[..at] + word + target[at..],
            1 => target[..at],
            2 => target + sound.Pick("/", "//", "?", "#", "?a=b&a=c", "/..", "/" + word),
            _ => target.ToUpperInvariant(),
        };
    }

    WireRequest MutateHeader(WireRequest request)
    {
        var name = sound.Pick("Authorization", "Host", "Content-Type", "Accept", "Origin", "Cookie", "X-Forwarded-For",
            "Inference-Header-Content-Length", "Accept-Encoding", "Content-Encoding", "Expect", "Connection", "Upgrade",
            "Range", "If-None-Match");
        var value = sound.Pick(Odd).ReplaceLineEndings("").Replace("\0", "", StringComparison.Ordinal);
        return request.With(name, random.Next(8) == 0 ? new('x', 3000) : value);
    }

    byte[] Mutate(byte[] bytes)
    {
        var list = bytes.ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(list.Count + 1);
            switch (random.Next(4))
            {
                case 0:
                    list.InsertRange(at, Encoding.UTF8.GetBytes(sound.Pick(Odd)));
                    break;
                case 1:
                    list.RemoveRange(at, Math.Min(random.Next(9), list.Count - at));
                    break;
                case 2 when at < list.Count:
                    list[at] = (byte)random.Next(256);
                    break;
                case 3:
                    list.InsertRange(at, list.GetRange(at, Math.Min(random.Next(40), list.Count - at)));
                    break;
            }
        }

        return [.. list];
    }
}
