using System.Text.Json;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Onnx;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Tests.Onnx;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Imports;

/// <summary>Models of the user's beside those trained here: what they are judged on, and what is refused.</summary>
public sealed class ImportTests : IDisposable
{
    const int Depth = 3;

    static readonly DataSet data = SessionFlows.Data();
    static readonly ModelFormats formats = new(new OnnxFormat());

    readonly string root = Directory.CreateTempSubdirectory("serveflow-import-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Train_ImportOfOtherCaptures_IsEvaluatedOnFlowsThatItDidNotSee()
    {
        var summary = Train(Import(captures: 12), tiers: [new("dt", 1), new("mine", Depth)]);

        var judged = data.Flows.Count(f => f.Capture >= 12);
        Assert.All(summary.Candidates, c => Assert.Equal(judged, c.Predictions.Flows));
        Assert.Contains(summary.Candidates, c => c.Spec == new ModelSpec("mine", Depth) && c.WeightedF1 > 0.8);
        Assert.Empty(summary.ImportWarnings);
    }

    [Fact]
    public void Train_PlacedImport_IsServedFromTheBundleAndItsCapturesCountAsTrained()
    {
        var import = Import(captures: 12, foreign: new("elsewhere.pcap", new('f', 64)));
        var bundle = Bundle.Load(Train(import, tiers: [new("dt", 1), new("mine", Depth)]).Bundle, formats);

        Assert.Equal("mine-3.txt", bundle.Manifest.Tiers[1].File);
        Assert.Equal(import.Bytes, File.ReadAllBytes(Path.Combine(bundle.Folder, "mine-3.txt")));
        Assert.Contains(bundle.Manifest.Data.Trained, c => c.Path == "elsewhere.pcap");
        Assert.Null(bundle.Manifest.Tiers[0].Import);
        Assert.Equal([0, 1, 2], bundle.Manifest.Tiers[1].Import!.Classes);
    }

    /// <summary>An imported model cannot be trained without a class: its probability of it is taken out.</summary>
    [Fact]
    public void Train_UnknownBudget_LeavesClassesOutOfTheImportToo()
    {
        var summary = CascadeTrainer.Train(
            Request([Import(captures: 12)], [new("dt", 1), new("mine", Depth)]) with { UnknownBudget = 0.05 },
            cancel: TestContext.Current.CancellationToken);

        var judged = data.Flows.Count(f => f.Capture >= 12);
        Assert.Equal(judged, summary.Unknown!.Flows);
        Assert.True(summary.Unknown.Rejected <= 0.05 * judged);
        Assert.Equal(data.Labels, summary.Unknown.LeftOut.Select(left => left.Label));
        Assert.All(summary.Unknown.LeftOut, left => Assert.InRange(left.TierAuroc[1], 0, 1));
        Assert.All(Bundle.Load(summary.Bundle, formats).Plan.Tiers, tier => Assert.NotNull(tier.Novelty));
    }

    [Fact]
    public void Train_HeldOutCapturesThatAnImportSaw_AreSaidAndLeftOutOfEvaluation()
    {
        var summary = Train(Import(captures: 20), tiers: [new("mine", Depth)], holdOut: 0.25);
        var bundle = Bundle.Load(summary.Bundle, formats);
        var result =
            Evaluator.Run(new() { Bundle = bundle, Data = data }, cancel: TestContext.Current.CancellationToken);

        Assert.Contains(summary.ImportWarnings, w => w.Contains("that were to be held out"));
        Assert.True(result.Data.Captures < 6);
    }

    [Fact]
    public void Train_NothingThatAnImportDidNotSee_IsRefused()
    {
        var import = Import(captures: SessionFlows.Captures);

        Assert.Contains("mine@3 was trained on",
            Assert.Throws<InputException>(() => Train(import, [new("mine", Depth)])).Message);
    }

    [Fact]
    public void Train_ImportWithoutSidecar_WarnsOfLabelsAndCaptures()
    {
        var import = Import(captures: 12);
        File.Delete(import.Path + ".json");

        var warnings = Train(Open("mine.txt@3"), [new("mine", Depth)]).ImportWarnings;

        Assert.Contains(warnings, w => w.Contains("which captures it was trained on"));
        Assert.Contains(warnings, w => w.Contains("labels in sorted order"));
    }

    [Theory]
    [InlineData("camera", "hub", "hub", "its labels are 3 (2 different)")]
    [InlineData("camera", "hub", "toaster", "a class 'toaster'")]
    public void Train_LabelsThatDoNotFit_AreRefused(string a, string b, string c, string expected)
    {
        Import(captures: 12);
        WriteSidecar("mine.txt", 12, labels: [a, b, c]);

        Assert.Contains(expected,
            Assert.Throws<InputException>(() => Train(Open("mine.txt"), [new("mine", Depth)])).Message);
    }

    [Fact]
    public void Train_TwoOfOneName_AreRefused()
    {
        var import = Import(captures: 12);

        Assert.Contains("there is another mine@3", Assert.Throws<InputException>(() => CascadeTrainer.Train(
            Request([import, import], [new("mine", Depth)]), cancel: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void Train_OutputsThatAreNoProbabilities_AreRefusedUnlessTheSidecarSaysLogits()
    {
        var columns = data.Schema.ColumnsPerPacket;
        float[] weights = [.. Enumerable.Range(0, columns * 3).Select(i => i % 7)];
        File.WriteAllBytes(At("net.onnx"), LinearModel.Write(1, columns, weights));
        WriteSidecar("net.onnx", 12);
        var refusal = Assert.Throws<InputException>(() => Train(Open("net.onnx"), [new("net", 1)])).Message;
        WriteSidecar("net.onnx", 12, output: "logits");
        var summary = Train(Open("net.onnx"), [new("net", 1)]);

        Assert.Contains("\"output\": \"logits\"", refusal);
        var row = summary.Candidates.Single(c => c.Spec.Model == "net").Predictions[0].ToArray();
        Assert.Equal(1, row.Sum(), 1e-5);
        Assert.Equal(ModelOutput.Logits, Bundle.Load(summary.Bundle, formats).Manifest.Tiers[0].Import!.Output);
    }

    [Theory]
    [InlineData("{", "does not say what it should")]
    [InlineData("""{"features":"nprint:udp"}""", "give the features nprint:udp")]
    [InlineData("""{"name":"../x"}""", "cannot name a model")]
    [InlineData("""{"trained":[{"path":"a"}]}""", "does not say what it should")]
    public void Open_SidecarThatDoesNotFit_IsRefused(string sidecar, string expected)
    {
        Import(captures: 12);
        File.WriteAllText(At("mine.txt.json"), sidecar);

        var message = Assert.Throws<InputException>(() => Open("mine.txt")).Message;

        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Open_WithoutPacketsAnywhere_FindsThemInTheColumns()
    {
        Import(captures: 12);
        File.Delete(At("mine.txt.json"));
        File.WriteAllBytes(At("net.onnx"), LinearModel.Write(2, data.Schema.ColumnsPerPacket,
            new float[data.Schema.ColumnsPerPacket * 4]));

        Assert.Equal(Depth, Open("mine.txt").Spec.Depth);
        Assert.Equal(2, Open("net.onnx").Spec.Depth);
        Assert.Contains("give 1 to", Assert.Throws<InputException>(() => Open("mine.txt@0")).Message);
    }

    [Fact]
    public void CaptureParts_SameSeed_AreThoseThatTrainHoldsOut()
    {
        var parts = CaptureParts.Assign(data, holdOut: 0.25, calibrate: 0.25, SplitKind.Capture, seed: 5);
        var trained = HoldOutSplit.TrainingFlows(data, 0.25, SplitKind.Capture, seed: 5).Captures.ToHashSet();

        Assert.Equal(trained.Count, parts.Count(p => p != CaptureParts.HeldOut));
        Assert.All(trained, c => Assert.NotEqual(CaptureParts.HeldOut, parts[c]));
        Assert.InRange(parts.Count(p => p == CaptureParts.Calibrate), 3, 6);
    }

    /// <summary>A decision tree trained on the first captures, as a file with its sidecar.</summary>
    ImportFile Import(int captures, BundleCapture? foreign = null)
    {
        var flows = FlowSample.All(data).Where(flow => flow.Capture < captures);
        var model = new DtTrainer().Train(new(flows, Depth), null, new() { Threads = 1 }, null,
            TestContext.Current.CancellationToken);
        File.WriteAllText(At("mine.txt"), model.ModelText);
        WriteSidecar("mine.txt", captures, foreign: foreign);
        return Open("mine.txt");
    }

    void WriteSidecar(string model, int captures, string[]? labels = null, string? output = null,
        BundleCapture? foreign = null) => File.WriteAllText(At(model + ".json"), JsonSerializer.Serialize(new
        {
            labels = labels ?? [.. data.Labels],
            output,
            features = "nprint:ip4",
            trained = data.Captures.Take(captures).Select(c => new { path = c.Path, sha256 = c.Sha256 })
                .Concat(foreign is null ? [] : [new { path = foreign.Path, sha256 = foreign.Sha256 }]),
        }));

    ImportFile Open(string argument) => ImportFile.Open(At(argument), FeatureSchema.Parse("nprint:ip4"), formats);

    string At(string name) => Path.Combine(root, name);

    TrainSummary Train(ImportFile import, ModelSpec[] tiers, double holdOut = 0) => CascadeTrainer.Train(
        Request([import], tiers) with { HoldOut = holdOut }, cancel: TestContext.Current.CancellationToken);

    TrainRequest Request(ImportFile[] imports, ModelSpec[] tiers) => new()
    {
        Data = data,
        Bundle = At("bundle"),
        Trainers = [new DtTrainer()],
        Depths = [1],
        Imports = imports,
        Tiers = tiers,
        Options = new() { Threads = 1 },
    };
}
