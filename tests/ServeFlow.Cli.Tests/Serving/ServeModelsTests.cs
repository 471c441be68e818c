using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>The models of a sensor change while it runs: by ctl, by HTTP and by SIGHUP, over real sockets.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ServeModelsTests : ServedSensor
{
    /// <summary>Counts the flows of two minutes.</summary>
    const int ManyFlows = 24_000;

    public ServeModelsTests()
    {
        SmallBundle.Write(At("repo/iot"));
        SmallBundle.Write(At("repo/iot"), packets: 2);
        SmallBundle.Write(At("repo/other"));
        BundleWriter.Write(At("flip"), SmallBundle.NewManifest() with { Labels = ["plug", "camera"] },
            SmallBundle.Models);
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < ManyFlows; i++)
        {
            capture.Add(Start + (i * 5_000_000L), Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000 + i, 53, [])));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    [Fact]
    public void Ctl_ActivatesAndRollsBack_EachRecordNamesTheModelThatAnswered()
    {
        Serve("--model iot@1");

        Assert.Contains("iot 2 answers from now on (before: iot 1)", Ctl("activate iot@2"));
        Until("iot", "2");
        Assert.Contains("other 1 answers from now on", Ctl("activate other"));
        Until("other", "1");
        Assert.Contains("\"previous\":\"iot 2\"", Ctl("models --json"));
        Assert.Contains("iot 2 answers from now on", Ctl("rollback"));
        Assert.Contains("iot 1 answers from now on", Ctl("rollback"));
        Assert.Contains("no model answered before this one", Ctl("rollback", code: 1));
        Assert.Contains("iot 1: answers already", Ctl("activate iot@1"));
        Stop();

        var order = Answers().OrderBy(answer => answer.Port).Select(answer => (answer.Model, answer.Version)).ToList();
        Assert.Equal([("iot", "1"), ("iot", "2"), ("other", "1"), ("iot", "2"), ("iot", "1")], Runs(order));
        Assert.Equal(Answers().Select(answer => answer.Port).Distinct().Count(), order.Count);
    }

    [Fact]
    public void Activate_WhatIsNoWholeVersion_IsRefusedByNameAndTheOldOneAnswersOn()
    {
        Serve("--model iot");
        Directory.CreateDirectory(At("repo/half/1"));
        File.Copy(At("repo/iot/1/fast.txt"), At("repo/half/1/fast.txt"));
        SmallBundle.Write(At("repo/torn"));
        File.WriteAllText(At("repo/torn/1/fast.txt"), "tree");
        SmallBundle.Write(At("repo/foreign"));
        File.WriteAllText(At("repo/foreign/1/notes.txt"), "x");
        Directory.CreateSymbolicLink(At("repo/link"), At("repo/iot"));
        Directory.CreateDirectory(At("repo/inner"));
        Directory.CreateSymbolicLink(At("repo/inner/1"), At("repo/iot/1"));
        File.WriteAllText(At("repo/README"), "x");

        Assert.Contains("repo/half/1: no cascade.json here: copied in part?", Ctl("activate half", code: 1));
        Assert.Contains("torn/1/fast.txt: changed since the bundle was written", Ctl("activate torn@1", code: 1));
        Assert.Contains("foreign/1/notes.txt: foreign file", Ctl("activate foreign", code: 1));
        Assert.Contains("repo/link: a symbolic link", Ctl("activate link", code: 1));
        Assert.Contains("repo/inner/1: a symbolic link", Ctl("activate inner@1", code: 1));
        Assert.Contains("README: no model's folder", Ctl("activate README", code: 1));
        Assert.Contains("has no model 'nothing'; it has", Ctl("activate nothing", code: 1));
        Assert.Contains("repo/iot: has no version 9; it has 1, 2", Ctl("activate iot@9", code: 1));
        Assert.Contains("give NAME or NAME@VERSION", Ctl("activate ../iot", code: 1));
        Assert.Contains("there is no canary", Ctl("canary off", code: 1));
        Assert.Contains("cannot be its own shadow", Ctl("shadow iot@2", code: 1));
        var models = JsonDocument.Parse(Ctl("models --json")).RootElement;
        Assert.Equal(("iot", "2"), (models.GetProperty("models")[0].GetProperty("name").GetString(),
            models.GetProperty("models")[0].GetProperty("version").GetString()));
        Assert.Equal((0, 10), (models.GetProperty("changes").GetProperty("applied").GetInt64(),
            models.GetProperty("changes").GetProperty("refused").GetInt64()));
        var said = Refusal().Matches(File.ReadAllText(At("said"))).ToLookup(line => line.Groups[1].Value,
            line => line.Groups[2].Value);
        string[] unusable = ["no cascade.json here", "changed since the bundle was written", "foreign file",
            "repo/link: a symbolic link", "repo/inner/1: a symbolic link", "no model's folder"];
        Assert.Equal(unusable.Length, said["warning"].Zip(unusable).Count(line => line.First.Contains(line.Second)));
        string[] mistaken = ["has no model 'nothing'", "has no version 9", "there is no canary", "its own shadow"];
        Assert.Equal(mistaken.Length, said["info"].Zip(mistaken).Count(line => line.First.Contains(line.Second)));
        Assert.Equal(10, said.Sum(level => level.Count()));
        Stop();
        Assert.Equal([("iot", "2")], Answers().Select(answer => (answer.Model, answer.Version)).Distinct());
    }

    [Fact]
    public void Reload_NewerVersion_TakesOverUnlessAVersionWasChosen()
    {
        Serve("--model iot");
        SmallBundle.Write(At("repo/iot"));
        Process!.Signal("HUP");
        ProgramProcess.Until(() => File.ReadAllText(At("said")).Contains("iot 3 answers from now on"));
        Ctl("activate iot@1");
        SmallBundle.Write(At("repo/iot"));
        Ctl("reload");

        Assert.Contains("\"version\":\"1\"", Ctl("models --json"));
        Ctl("activate iot");
        Assert.Contains("\"version\":\"4\"", Ctl("models --json"));
        Stop();
    }

    [Fact]
    public async Task Http_RepositoryExtension_ListsLoadsAndUnloads()
    {
        var client = Client(Serve("--model iot@1 --http 127.0.0.1:0 --http-token-file token"));
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await client.PostAsync("/v2/repository/index", null, Cancel)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed,
            (await client.GetAsync("/v2/repository/index", Cancel)).StatusCode);
        Assert.Equal(3, (await Post(client, "/v2/repository/index", "{}")).GetArrayLength());
        var ready = await Post(client, "/v2/repository/index", "{\"ready\":true}");
        Assert.Equal("iot1READY", string.Concat(ready[0].EnumerateObject().Select(field => field.Value.GetString())));
        await Post(client, "/v2/repository/models/other/load", "{\"parameters\":{}}");
        Assert.Equal(2, (await Post(client, "/v2/repository/index", "{\"ready\":true}")).GetArrayLength());
        await Post(client, "/v2/repository/models/other/unload", "");
        Assert.Equal(1, (await Post(client, "/v2/repository/index", "{\"ready\":true}")).GetArrayLength());
        var used = await Post(client, "/v2/repository/models/iot/unload", "", 422);
        Assert.Contains("is in use (main)", used.ToString());
        Assert.Contains("has no model", (await Post(client, "/v2/repository/models/x/load", "", 422)).ToString());
        Assert.Contains("no JSON object", (await Post(client, "/v2/repository/index", "[1]", 400)).ToString());
        Assert.Equal("2", (await Post(client, "/api/models/iot/activate", "")).GetProperty("version").GetString());
        Assert.Contains("from 1 on", (await Post(client, "/api/models/iot/versions/0/activate", "", 422)).ToString());
        var metrics = await client.GetStringAsync("/metrics", Cancel);
        Assert.Matches("(?m)^serveflow_model_reloads_total\\{.*result=\"applied\"\\} 1( |$)", metrics);
        Assert.Matches("(?m)^serveflow_model_info\\{.*model=\"iot\".*version=\"2\"", metrics);
        Stop();
    }

    [Fact]
    public void Canary_AnswersItsShareOfFlows_UntilItAnswersAll()
    {
        Serve("--model iot@1 --canary other=0.25");
        ProgramProcess.Until(() => Answers().Count > 200);

        Assert.Matches("\"role\":\"canary\",\"share\":0.25,\"answers\":[1-9]", Ctl("models --json"));
        Assert.Contains("other 1 answers 1 of new flows, as canary", Ctl("canary other@1=1"));
        Assert.Contains("give MODEL=SHARE", Ctl("canary other", code: 1));
        Assert.Contains("share '2': give a number above 0", Ctl("canary other=2", code: 1));
        Assert.Contains("cannot be a canary beside itself", Ctl("canary iot@1=0.5", code: 1));
        Assert.Contains("other 1 answers no new flow any more", Ctl("canary off"));
        Assert.Contains("there is no canary", Ctl("canary off", code: 1));
        Ctl("canary other=0.5");
        Ctl("activate other");
        Assert.Contains("there is no canary", Ctl("canary off", code: 1));
        Stop();
        var first = Answers().OrderBy(answer => answer.Port).Take(200).Count(answer => answer.Model == "other");
        Assert.InRange(first, 25, 80);
    }

    [Fact]
    public void Shadow_IsComparedAndItsDisagreementsAreKept_NoRecordHasItsAnswer()
    {
        Serve("--model iot@1 --shadow flip --shadow-disagreements differ.json");
        ProgramProcess.Until(() => Answers().Count > 300);

        var models = JsonDocument.Parse(Ctl("models --json")).RootElement;
        var comparison = models.GetProperty("comparison");
        Assert.Equal(0, comparison.GetProperty("agreed").GetInt64());
        Assert.InRange(comparison.GetProperty("disagreed").GetInt64(), 300, ManyFlows);
        Assert.Contains("camera → plug", Ctl("models"));
        Assert.Contains("is compared no more", Ctl("shadow off"));
        Assert.Contains("answers for comparison", Ctl("shadow other"));
        ProgramProcess.Until(() => JsonDocument.Parse(Ctl("models --json")).RootElement.GetProperty("comparison")
            .GetProperty("agreed").GetInt64() > 50);
        Stop();

        Assert.Equal([("iot", "1")], Answers().Select(answer => (answer.Model, answer.Version)).Distinct());
        var differ = Read("differ.json");
        Assert.Equal(["iot", "flip"], differ.Take(2).Select(answer => answer.Model));
        Assert.Equal(differ[0].Port, differ[1].Port);
        Assert.Equal(0, differ.Count % 2);
    }

    [Fact]
    public void Promotion_ShadowThatAgrees_AnswersByItself()
    {
        Serve("--model iot@1 --shadow other --promote-after 300 --promote-agreement 1");
        ProgramProcess.Until(() => File.ReadAllText(At("said")).Contains("it is promoted"));
        var flows = Agreed().Match(File.ReadAllText(At("said"))).Groups[1].Value;
        Assert.InRange(int.Parse(flows, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), 300, ManyFlows);
        Until("other", "1");
        Assert.Contains("\"previous\":\"iot 1\"", Ctl("models --json"));
        Assert.Contains("answers for comparison", Ctl("shadow iot@2"));
        Stop();
    }

    [Fact]
    public void Promotion_BackToAnEarlierModel_LeavesTheOtherToGoBackTo()
    {
        Serve("--model iot@1 --shadow other --promote-after 100 --promote-agreement 1");
        Until("other", "1");
        Ctl("shadow iot@1");
        Until("iot", "1");
        Assert.Contains("other 1 answers", Ctl("rollback"));
        Assert.Contains("no model answered before this one", Ctl("rollback", code: 1));
        Stop();
    }

    [Fact]
    public void Promotion_ShadowThatDisagrees_IsNotPromotedAndTheLogSaysWhy()
    {
        Serve("--model iot@1 --shadow flip --promote-after 100");
        ProgramProcess.Until(() => File.ReadAllText(At("said")).Contains("flows, less than 0.99: it is not promoted"));
        Stop();
        Assert.Equal(["iot"], Answers().Select(answer => answer.Model).Distinct());
    }

    [Theory]
    [InlineData("repo --model iot --canary other", "--canary 'other': give BUNDLE=SHARE")]
    [InlineData("repo --model iot --canary none=0.1", "has no model 'none'; it has iot, other")]
    [InlineData("repo --model iot --shadow iot@2", "answers already, and cannot be its own shadow")]
    [InlineData("repo --model iot --promote-agreement 0.9", "says when a shadow is promoted: give --promote-after")]
    [InlineData("repo --model iot --shadow-disagreements e", "e: is another output's file")]
    [InlineData("repo", "repo: has 2 models: say by --model which answers first: iot, other")]
    [InlineData("repo --model nothing", "has no model 'nothing'; it has iot, other")]
    [InlineData("repo --model iot@x", "--model 'iot@x': give NAME or NAME@VERSION")]
    [InlineData("nowhere", "nowhere: no bundle here")]
    public void Start_WhatNamesNoModel_IsOneLine(string bundle, string expected)
    {
        var (code, _, said) = ProgramProcess.Run(Folder, $"$serveflow serve {bundle} -r flows.pcap --eve e");

        Assert.NotEqual(0, code);
        Assert.Contains(expected, Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => !line.Contains(" info ")));
    }

    static async Task<JsonElement> Post(HttpClient client, string path, string body, int status = 200)
    {
        using var content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var response = await client.PostAsync(path, content, Cancel);
        Assert.Equal(status, (int)response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
    }

    static List<T> Runs<T>(List<T> all) => [.. all.Where((one, i) => i == 0 || !one!.Equals(all[i - 1]))];

    /// <summary>Starts a sensor that replays flows for two minutes; gives its address.</summary>
    string Serve(string options) => Serve($"{options} --http unix:s.sock", "repo");

    void Stop()
    {
        Ctl("stop");
        Assert.Equal(0, Process!.Wait().Code);
    }

    void Until(string model, string version) => ProgramProcess.Until(() =>
        Answers().LastOrDefault() is var last && last.Model == model && last.Version == version);

    List<(string Model, string Version, int Port)> Answers() => Read("eve.json");

    List<(string Model, string Version, int Port)> Read(string file) =>
    [
        .. File.ReadAllLines(At(file)).Where(line => line.EndsWith('}'))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(record => record.GetProperty("event_type").GetString() == "prediction")
            .Select(record => (record.GetProperty("serveflow").GetProperty("model").GetString()!,
                record.GetProperty("serveflow").GetProperty("model_version").GetString()!,
                record.GetProperty("src_port").GetInt32())),
    ];

    [GeneratedRegex(@"agrees on 1\.0000 of ([0-9,]+) flows")]
    private static partial Regex Agreed();

    /// <summary>Finds the level and the cause of a change of models that was refused.</summary>
    [GeneratedRegex("(?m) (info|warning) serveflow: (.+): iot 2 answers as before$")]
    private static partial Regex Refusal();
}
