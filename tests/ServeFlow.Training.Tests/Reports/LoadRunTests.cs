using ServeFlow.Training.Reports.Documents;

using Xunit;

namespace ServeFlow.Training.Tests.Reports;

public sealed class LoadRunTests : IDisposable
{
    const string Good = """
        {"cpu":"x","workers":2,"offered":[
        {"flows_per_second":2000,"achieved":1500,"p50_us":4,"p99_us":9,"p999_us":11,"under_1ms":1,"under_16ms":0.9,"dropped":7,"unanswered":0},
        {"flows_per_second":1000,"achieved":1000,"p50_us":3,"p99_us":8,"p999_us":10,"under_1ms":1,"under_16ms":1,"dropped":0,"unanswered":0}]}
        """;

    readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Read_WhatBenchLatencyPrints_IsSortedByLoad()
    {
        File.WriteAllText(file, Good);

        var run = LoadRun.Read(file);

        Assert.Equal(("x", 2), (run.Cpu, run.Workers));
        Assert.Equal([1000, 2000], run.Points.Select(p => p.Offered));
        Assert.Equal([0, 0.25], run.Points.Select(p => p.Missed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"cpu":"x","workers":1,"offered":[]}""")]
    [InlineData("""{"cpu":"x","workers":1,"offered":[{"flows_per_second":0}]}""")]
    [InlineData("""{"cpu":"x","workers":1,"offered":[{"flows_per_second":5}]}""")]
    [InlineData("""{"cpu":"x","workers":"many","offered":[{}]}""")]
    public void Read_SomethingElse_SaysWhatToDo(string text)
    {
        File.WriteAllText(file, text);

        var e = Assert.Throws<InputException>(() => LoadRun.Read(file));
        Assert.StartsWith(file, e.Message);
        Assert.Contains("latency benchmark", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }
}
