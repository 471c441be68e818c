using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Drift;
using ServeFlow.Tests.Cascade.Drift;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

public sealed class BundleDriftTests
{
    static readonly DriftBaseline Baseline = SmallBaseline.Create("camera", "plug", 2,
        new DriftQuestion("p1_udp_sport_15", 0.5, new(0.5, 0.1, 0.02)));

    [Fact]
    public void Load_WithBaseline_CompilesIt()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-drift-").FullName;
        try
        {
            var manifest = SmallBundle.NewManifest() with { Drift = Baseline };
            BundleWriter.Write(Path.Combine(folder, "iot"), manifest, SmallBundle.Models);

            var bundle = Bundle.Load(Path.Combine(folder, "iot"));

            Assert.Equivalent(Baseline, bundle.Manifest.Drift);
            Assert.Equal(1, bundle.Plan.Drift!.Place(1));
            Assert.Equal(new DriftLayout(2, 2, 1), bundle.Plan.Drift.Layout);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Load_ColumnOfALaterPacket_NamesTheField()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-drift-").FullName;
        try
        {
            var late = Baseline with { Questions = [Baseline.Questions[0] with { Column = "p2_udp_sport_15" }] };
            BundleWriter.Write(Path.Combine(folder, "iot"), SmallBundle.NewManifest() with { Drift = late },
                SmallBundle.Models);

            var message = Assert.Throws<InputException>(() => Bundle.Load(Path.Combine(folder, "iot"))).Message;

            Assert.Contains("field drift: 'p2_udp_sport_15' is no column of the first tier", message,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static TheoryData<string, string> Unusable() => new()
    {
        { nameof(DriftBaseline.WindowFlows), "drift.window_flows" },
        { nameof(DriftBaseline.AlarmScore), "drift.alarm_score" },
        { nameof(DriftBaseline.Escalated), "drift.escalated" },
        { nameof(DriftBaseline.Classes), "drift.classes" },
        { nameof(DriftBaseline.Confidence), "drift.figures" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Run_FieldOutOfRange_NamesIt(string field, string named)
    {
        var damaged = field switch
        {
            nameof(DriftBaseline.WindowFlows) => Baseline with { WindowFlows = 0 },
            nameof(DriftBaseline.AlarmScore) => Baseline with { AlarmScore = 0 },
            nameof(DriftBaseline.Escalated) => Baseline with { Escalated = [] },
            nameof(DriftBaseline.Classes) => Baseline with { Classes = [Baseline.Classes[0], Baseline.Classes[0]] },
            _ => Baseline with { Confidence = new(0.9, 0.1, 0) },
        };

        var message = Assert.Throws<InputException>(() => DriftCheck.Run(damaged, 2, "cascade.json")).Message;

        Assert.Contains($"field {named}:", message, StringComparison.Ordinal);
    }
}
