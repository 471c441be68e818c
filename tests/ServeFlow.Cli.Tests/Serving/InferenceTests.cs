using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>
/// Inference by the Open Inference Protocol over a real socket: rows that <c>features</c> wrote are answered as
/// <c>classify</c> answers their flows.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class InferenceTests(InferenceSensor sensor) : IClassFixture<InferenceSensor>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    HttpClient Client => sensor.Client;

    /// <summary>A cascade of one tier answers every flow by its last tier.</summary>
    [Fact]
    public async Task Infer_MatrixOfFeatures_GivesWhatClassifyAnswers()
    {
        var answer = await Post("/v2/models/app/infer", sensor.Request(sensor.Rows));
        var labels = Output(answer, "label").Select(label => label.GetString()).ToList();
        var probabilities = Output(answer, "probabilities").Select(value => value.GetSingle()).ToList();
        var classes = probabilities.Count / labels.Count;

        Assert.Equal(sensor.Rows.Count, labels.Count);
        Assert.Equal(sensor.Answers.Select(record => record.Label).Order(), labels.Order());
        Assert.Equal(Tally(sensor.Answers.Select(record => record.Confidence)),
            Tally(probabilities.Chunk(classes).Select(row => (double)row.Max())));
        Assert.All(probabilities.Chunk(classes), row => Assert.Equal(1, row.Sum(), 1e-4));
        Assert.Equal(("app", "1"), (answer.GetProperty("model_name").GetString(),
            answer.GetProperty("model_version").GetString()));
    }

    [Fact]
    public async Task Infer_InBinaryAsRowsAndByVersion_GivesTheSame()
    {
        var flat = Output(await Post("/v2/models/app/infer", sensor.Request(sensor.Rows)), "probabilities");
        var rows = string.Join(" ,\n", sensor.Rows.Select(row => $"[{row}]"));
        var nested = sensor.Request(sensor.Rows, data: $"[ {rows} ]");
        Assert.Equal(Text(flat), Text(Output(await Post("/v2/models/app/versions/1/infer", nested), "probabilities")));
        var spaced = sensor.Request(sensor.Rows, data: $"[{string.Join(",", sensor.Rows).Replace(",", ", ")}]");
        Assert.Equal(Text(flat), Text(Output(await Post("/v2/models/app/infer", spaced), "probabilities")));
        var odd = sensor.Request(sensor.Rows, data: $"[{string.Join(",", sensor.Rows).Replace(",0,", " ,\n-0\t,")}]");
        Assert.Equal(Text(flat), Text(Output(await Post("/v2/models/app/infer", odd), "probabilities")));

        var values = sensor.Rows.SelectMany(row => row.Split(',')).Select(value => (byte)sbyte.Parse(value,
            CultureInfo.InvariantCulture)).ToArray();
        var json = Encoding.UTF8.GetBytes("{\"inputs\":[{\"name\":\"features\",\"datatype\":\"INT8\",\"shape\":"
            + $"[{sensor.Rows.Count},{sensor.Columns}],\"parameters\":{{\"binary_data_size\":{values.Length}}}}}]}}");
        using var content = new ByteArrayContent([.. json, .. values]);
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        var response = await Client.PostAsync("/v2/models/app/infer", content, Cancel);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(Text(flat), Text(Output(answer, "probabilities")));
    }

    [Fact]
    public async Task Metadata_NamesDatatypesAndShapes_AreThoseOfTheModel()
    {
        var model = JsonDocument.Parse(await Client.GetStringAsync("/v2/models/app", Cancel)).RootElement;

        Assert.Equal("""[{"name":"features","datatype":"INT8","shape":[-1,COLUMNS]}]""".Replace("COLUMNS",
            $"{sensor.Columns}"), model.GetProperty("inputs").GetRawText());
        Assert.Contains("""{"name":"probabilities","datatype":"FP32","shape":[-1,3]}""",
            model.GetProperty("outputs").GetRawText());
        Assert.Equal(3, model.GetProperty("parameters").GetProperty("packets").GetInt32());
        Assert.Equal("1", model.GetProperty("versions")[0].GetString());
        Assert.Equal(200, (int)(await Client.GetAsync("/v2/models/app/versions/1/ready", Cancel)).StatusCode);
        Assert.Equal(404, (int)(await Client.GetAsync("/v2/models/app/versions/9/ready", Cancel)).StatusCode);
        Assert.Contains("binary_tensor_data", await Client.GetStringAsync("/v2", Cancel));
    }

    [Theory]
    [InlineData("{}", "inputs: is missing")]
    [InlineData("", "the body is not JSON")]
    [InlineData("[1]", "the body: give an object")]
    [InlineData("{\"inputs\":[],\"a\":1}", "a: is no field")]
    [InlineData("{\"inputs\":[]}", "inputs: has 0 tensors")]
    [InlineData("{\"inputs\":{}}", "inputs: give an array")]
    [InlineData("{\"inputs\":[{\"data\":\"x\"}]}", "inputs[0].data: give an array of numbers")]
    [InlineData("{\"inputs\":[{\"data\":[1", "inputs[0].data: give an array of numbers")]
    [InlineData("{\"inputs\":", "the body is not JSON, or is not whole: look at line 1, byte 11")]
    [InlineData("{\"inputs\":[{\"data\":[1]", "the body is not JSON")]
    [InlineData("{\"inputs\":[{\"name\":\"x\"}]}", "inputs[0].name: 'x': the input is 'features'")]
    [InlineData("{\"inputs\":[{\"shape\":[[1]]}]}", "inputs[0].shape: give an array of whole numbers")]
    [InlineData("D \"FP32\"", "inputs[0].datatype: 'FP32': give INT8")]
    [InlineData("S [1,3]", "inputs[0].shape: [1, 3]: give [rows, ")]
    [InlineData("S [0,COLUMNS]", "inputs[0].shape: [0, ")]
    [InlineData("S [9999,COLUMNS]", "with 1 to 1024 rows")]
    [InlineData("S [99999999999999999999,COLUMNS]", "inputs[0].shape: [-1, ")]
    [InlineData("V [0,1]", "inputs[0].data: has 2 numbers, and the shape [1, ")]
    [InlineData("V [0,2]", "inputs[0].data[1]: '2': 2: give -1, 0 or 1")]
    [InlineData("V [0,1.5]", "inputs[0].data[1]: '1.5': give -1, 0 or 1")]
    [InlineData("V [0,,1]", "inputs[0].data[1]: ',1': give -1, 0 or 1")]
    [InlineData("V [0,]", "inputs[0].data[1]: ends in the middle")]
    [InlineData("V [[0],[1]]", "inputs[0].data[1]: ']")]
    [InlineData("O [{\"name\":\"x\"}]", "outputs[0].name: 'x': there are probabilities and label and scores")]
    [InlineData("O [{\"name\":\"label\"},{\"name\":\"label\"}]", "outputs[1].name: 'label': is asked for twice")]
    [InlineData("O [{}]", "outputs[0].name: is missing")]
    [InlineData("O [{\"name\":\"label\",\"parameters\":1}]", "outputs[0].parameters: give an object")]
    [InlineData("{\"parameters\":[]}", "parameters: give an object")]
    [InlineData("{\"inputs\":[],\"inputs\":[]}", "inputs: stands here twice")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"name\":\"features\"}]}", "inputs[0].name: stands here twice")]
    [InlineData("O [{\"name\":\"label\",\"name\":\"x\"}]", "outputs[0].name: stands here twice")]
    public async Task Infer_WhatDoesNotFit_IsAnsweredByTheField(string body, string expected)
    {
        var row = sensor.Rows[0];
        var request = body.Length < 2 || body[1] != ' ' ? body : body[0] switch
        {
            'D' => sensor.Request([row], datatype: body[2..]),
            'S' => sensor.Request([row], shape: body[2..].Replace("COLUMNS", $"{sensor.Columns}")),
            'V' => sensor.Request([row], data: body[2..]),
            _ => sensor.Request([row]).Replace("\"inputs\"", $"\"outputs\":{body[2..]},\"inputs\""),
        };

        Assert.Contains(expected, (await Post("/v2/models/app/infer", request, 400)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Infer_TypeSizeNameAndMethod_AreRefusedByStatus()
    {
        var request = sensor.Request([sensor.Rows[0]]);
        Assert.Contains("model 'none': there is none of this name that is ready; ready are app 1",
            (await Post("/v2/models/none/infer", request, 404)).ToString());
        Assert.Contains("version 'x'", (await Post("/v2/models/app/versions/x/infer", request, 404)).ToString());
        using var plain = new StringContent(request, Encoding.UTF8, "text/plain");
        Assert.Equal(415, (int)(await Client.PostAsync("/v2/models/app/infer", plain, Cancel)).StatusCode);
        using var wide = new StringContent(request, Encoding.Unicode, "application/json");
        Assert.Equal(415, (int)(await Client.PostAsync("/v2/models/app/infer", wide, Cancel)).StatusCode);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/v2/models/app/infer")
        {
            Content = new ByteArrayContent(new byte[9 << 20]) { Headers = { ContentType = new("application/json") } },
            Headers = { ExpectContinue = true },
        };
        Assert.Equal(413, (int)(await Client.SendAsync(large, Cancel)).StatusCode);
        Assert.Equal(405, (int)(await Client.GetAsync("/v2/models/app/infer", Cancel)).StatusCode);
    }

    /// <summary>Shown, not held to a figure: time is charted, never asserted.</summary>
    [Fact]
    public async Task Infer_64Rows_Times()
    {
        var request = sensor.Request([.. Enumerable.Range(0, 64).Select(i => sensor.Rows[i % sensor.Rows.Count])]);
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await Post("/v2/models/app/infer", request);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        TestContext.Current.SendDiagnosticMessage(
            $"64 rows of {sensor.Columns} columns: median {times[100]:0.00} ms, 99 % {times[198]:0.00} ms");
        Assert.Equal(200, times.Count);
    }

    async Task<JsonElement> Post(string path, string body, int status = 200)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await Client.PostAsync(path, content, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    static List<JsonElement> Output(JsonElement answer, string name) =>
        [.. answer.GetProperty("outputs").EnumerateArray()
            .Single(output => output.GetProperty("name").GetString() == name).GetProperty("data").EnumerateArray()];

    static string Text(List<JsonElement> values) => string.Join(' ', values);

    /// <summary>Records have six digits.</summary>
    static string Tally(IEnumerable<double> values) => string.Join(' ', values.Order()
        .Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture)));
}

/// <summary>A sensor with a model of synthetic captures, and the matrix of those that it did not see.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class InferenceSensor : IDisposable
{
    const string Token = "0123456789abcdef0123456789abcdef";
    const long Start = 1_700_000_000_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-infer-").FullName;
    readonly ProgramProcess process;

    public InferenceSensor()
    {
        Run("$serveflow synth --out set --flows 240 --classes 3 --captures 6 --seed 7 -q && mkdir old live "
            + "&& cd set/captures && mv $(ls | head -4) ../../old && mv * ../../live "
            + "&& cd ../.. && sed 's#captures/##' set/labels.csv > labels.csv");
        Run("$serveflow train -r old --labels labels.csv -o app --models lgbm --depths 3 --tiers lgbm@3 "
            + "--features nprint:ip4,tcp,udp+dir -q");
        Run("$serveflow classify app -r live -w eve.json -q");
        Run("$serveflow features -r live --features nprint:ip4,tcp,udp+dir --packets 3 --format csv -w rows.csv -q");
        var lines = File.ReadAllLines(At("rows.csv"));
        var names = lines[0].Split(',');
        var first = Array.FindIndex(names, name => name.StartsWith("p1_", StringComparison.Ordinal));
        Columns = names.Length - first;
        Rows = [.. lines.Skip(1).Select(line => string.Join(',', line.Split(',')[first..]))];
        Answers = [.. File.ReadLines(At("eve.json")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(record => record.GetProperty("event_type").GetString() == "prediction")
            .Select(record => record.GetProperty("serveflow"))
            .Select(one => (one.GetProperty("label").GetString()!, one.GetProperty("confidence").GetDouble()))];
        File.WriteAllText(At("token"), Token);
        File.SetUnixFileMode(At("token"), UnixFileMode.UserRead);
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < 10; i++)
        {
            capture.Add(Start + (i * 50_000_000_000L), Datagram);
        }

        File.WriteAllBytes(At("slow.pcap"), capture.ToArray());
        process = ProgramProcess.Start(folder, "exec $serveflow serve app -r slow.pcap --speed 1 --eve out.json "
            + "--http 127.0.0.1:0 --http-token-file token 2> said");
        ProgramProcess.Until(() => File.Exists(At("said")) && Listening().IsMatch(File.ReadAllText(At("said"))));
        Client = new() { BaseAddress = new(Listening().Match(File.ReadAllText(At("said"))).Groups[1].Value) };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    public HttpClient Client { get; }

    /// <summary>Gets the columns of a row.</summary>
    public int Columns { get; }

    /// <summary>Gets the rows of the matrix, numbers with commas between them.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>Gets what <c>classify</c> answers to the same flows.</summary>
    public IReadOnlyList<(string Label, double Confidence)> Answers { get; }

    static byte[] Datagram => Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, []));

    public void Dispose()
    {
        Client.Dispose();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public string Request(IReadOnlyList<string> rows, string? shape = null, string datatype = "\"INT8\"",
        string? data = null) => $"{{\"id\":\"a\",\"inputs\":[{{\"data\":{data ?? $"[{string.Join(',', rows)}]"},"
            + $"\"name\":\"features\",\"datatype\":{datatype},\"shape\":{shape ?? $"[{rows.Count}, {Columns}]"}}}]}}";

    void Run(string script)
    {
        var (code, _, said) = ProgramProcess.Run(folder, script);
        Assert.True(code == 0, said);
    }

    string At(string name) => Path.Combine(folder, name);

    [GeneratedRegex(@"answering HTTP on (\S+)")]
    private static partial Regex Listening();
}
