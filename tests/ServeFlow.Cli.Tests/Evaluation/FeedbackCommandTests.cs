using System.Text.Json;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Evaluation;

/// <summary><c>feedback</c> as an operator calls it: records and captures of a bundle in use, then labels.</summary>
public sealed class FeedbackCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-feedback-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_RecordsThenCaptures_ScoresAlikeAndWritesAVersionThatIsServed()
    {
        Run("synth --out set --flows 600 --classes 3 --captures 12 --seed 4 -q");
        Shell("mkdir old live && cd set/captures && mv $(ls | head -6) ../../old && mv * ../../live");
        Shell("sed 's#captures/##' set/labels.csv > labels.csv");
        Run("train -r old --labels labels.csv -o app --models dt --depths 1,3 --tiers dt@1,dt@3 -q");
        Run("classify app -r live -w eve.json -q");

        var records = Feedback("-r eve.json labels.csv");
        var captures = Feedback("-r live --labels labels.csv -o app");
        var score = records.GetProperty("score");
        Assert.Equal(captures.GetProperty("score").GetProperty("flows").GetInt32(),
            score.GetProperty("flows").GetInt32());
        Assert.Equal(captures.GetProperty("score").GetProperty("weighted_f1").GetDouble(),
            score.GetProperty("weighted_f1").GetDouble(), 1e-9);
        Assert.Equal("app", score.GetProperty("models")[0].GetProperty("model").GetString());
        Assert.EndsWith("app/2", captures.GetProperty("recalibrated").GetProperty("bundle").GetString());
        Assert.Contains("none of these answers is of app, version 2", Run("feedback app -r eve.json labels.csv"));
        Run("classify app -r live -w again.json -q");
        Assert.Contains("\"model_version\":\"2\"", File.ReadAllText(Path.Combine(folder, "again.json")));
        Shell("mkdir both && cp old/* live/* both");
        Assert.Contains("captures that training never saw; left out: 6 captures that the bundle was trained on\n",
            Run("feedback app/1 -r both --labels labels.csv"));
        Assert.Contains("the answer that was given", Run("feedback app -r eve.json labels.csv -o app", code: 1));
    }

    JsonElement Feedback(string words) => JsonDocument.Parse(Run($"feedback app {words} --json -q")).RootElement;

    string Run(string words, int code = 0) => Shell($"$serveflow {words}", code);

    string Shell(string script, int code = 0)
    {
        var answer = ProgramProcess.Run(folder, script);
        Assert.Equal((code, answer.Said), (answer.Code, answer.Said));
        return answer.Written + (code == 0 ? "" : answer.Said);
    }
}
