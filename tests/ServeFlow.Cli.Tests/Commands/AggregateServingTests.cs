using System.Text.Json.Nodes;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>
/// A bundle with aggregates serves the features that it was trained on. No flow has ICMP headers, so its models see
/// nothing but aggregates; <c>evaluate</c> computes these from the data set, and <c>classify</c> from the flow table.
/// </summary>
public sealed class AggregateServingTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-agg").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("nprint:icmp+agg", "lgbm@1,lgbm@5")]
    [InlineData("nprint:icmp+agg", "et@2,et@6")]
    [InlineData("nprint:none+agg+burst", "et@2,et@2000")]
    public void Classify_AggregatesAlone_AnswersAsEvaluateToSixDecimals(string set, string tiers)
    {
        SyntheticSet.Write(new() { Directory = At("traffic"), Flows = 600, Classes = 4, Captures = 16, Seed = 2 },
            cancel: TestContext.Current.CancellationToken);
        var models = tiers[..tiers.IndexOf('@')];
        var depths = string.Join(',', tiers.Split(',').Select(tier => tier.Split('@')[1]));
        Say($"train -r traffic --labels traffic/labels.csv -o bundle --features {set} --models {models} "
            + $"--depths {depths} --tiers {tiers} --rounds 20 --budget 0.5 --hold-out 0.25");
        Say("evaluate bundle -r traffic --labels traffic/labels.csv --no-audit --predictions flows.csv");
        Say("classify bundle -r traffic -w records.json");

        var evaluated = Evaluated();
        var served = Served();

        Assert.Equal(set, Bundle.Load(At("bundle"), ServedFormats.All).Manifest.Features.Set);
        Assert.True(evaluated.Select(flow => flow.Answer).Distinct().Count() > 12, "the answers hardly differ");
        Assert.Equal(2, evaluated.Select(flow => flow.Answer.Split(' ')[0]).Distinct().Count());
        Assert.All(evaluated, flow => Assert.Contains(flow.Answer, served[flow.Key]));
    }

    /// <summary>Reads the captures that training never saw: tier, class, confidence and packets of each flow.</summary>
    List<(string Key, string Answer)> Evaluated()
    {
        var lines = File.ReadAllLines(At("flows.csv")).Select(line => line.Split(',')).ToList();
        return [.. lines[1..].Select(row => (Key(name => row[Array.IndexOf(lines[0], name)], "src", "sport"),
            string.Join(' ', new[] { "tier", "answer", "confidence", "packets" }.Select(name =>
                Text(name, row[Array.IndexOf(lines[0], name)])))))];
    }

    ILookup<string, string> Served() => File.ReadLines(At("records.json")).Select(line => JsonNode.Parse(line)!)
        .Where(record => record["event_type"]!.GetValue<string>() == "prediction")
        .ToLookup(record => Key(name => $"{record[name]}", "src_ip", "src_port"), record =>
            string.Join(' ', new[] { "tier", "label", "confidence", "packets_used" }.Select(name =>
                Text(name, $"{record["serveflow"]![name]}"))));

    static string Key(Func<string, string> field, string address, string port) =>
        $"{field("community_id")} {field(address)} {field(port)}";

    /// <summary>Rounds confidences to the six decimals of a record.</summary>
    static string Text(string name, string value) => name == "confidence"
        ? double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
            .ToString("F6", System.Globalization.CultureInfo.InvariantCulture)
        : value;

    void Say(string words)
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"$serveflow {words}");
        Assert.True(code == CommandRunner.Succeeded, said);
    }

    string At(string name) => Path.Combine(folder, name);
}
