using System.Text;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WarmUpTests
{
    [Fact]
    public void Run_ThenServe_RecordsAreTheSame()
    {
        var plan = TinyCascade.Plan(1, 3);
        var before = Records(plan);

        WarmUp.Run(plan);

        Assert.Equal(before, Records(plan));
    }

    [Theory]
    [InlineData(RecordFormat.Eve)]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Zeek)]
    public async Task RunAhead_AnyFormat_WritesAnswersOfBothTiers(string format)
    {
        var records = new MemoryStream();

        await WarmUp.RunAhead(plan => RecordFormat.CreateSink(format, records, plan, new()));

        var text = Encoding.UTF8.GetString(records.ToArray());
        Assert.Contains("tier 1", text);
        Assert.Contains("tier 2", text);
    }

    static List<(RecordKind, int)> Records(ServeFlow.Cascade.CascadePlan plan)
    {
        var source = new MemorySource().Udp(0, 1000, TinyCascade.UnsureEven).Udp(5, 1000, TinyCascade.SureEven)
            .Udp(9, 1000, TinyCascade.SureOdd);
        return [.. RecordLog.Run(plan, source).Log.Records.Select(r => (r.Kind, r.Classification.LabelId))];
    }
}
