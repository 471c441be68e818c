using System.Text.Json;
using ServeFlow.Cli.Tests.Daemon;
using Xunit;

namespace ServeFlow.Cli.Tests.Benchmarks;

/// <summary><c>bench link</c> as a process on a veth link of a network namespace of its own.</summary>
public sealed class BenchLinkTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-bench-link-").FullName;

    public BenchLinkTests() => SmallBundle.Write(Path.Combine(folder, "bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("--low-latency")]
    [InlineData("--low-latency --workers 2")]
    public void Run_OnALink_TimesEveryFlow(string options)
    {
        var code = LinkScript.Run(folder, $"""
            ip link add v0 type veth peer name v1
            for i in v0 v1; do echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; ip link set $i up; done
            "$serveflow" bench link bundle -i v1 --send v0 --rate 500 --packets-per-flow 2 --seconds 0.5 {options} \
              --json > found
            """);

        Assert.Equal(0, code);
        var found = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "found"))).RootElement;
        Assert.Equal(options.Contains("low", StringComparison.Ordinal), found.GetProperty("low_latency").GetBoolean());
        Assert.Equal(1500, found.GetProperty("packets").GetInt64());
        Assert.Equal(1500, found.GetProperty("received").GetInt64());
        Assert.Equal(0, found.GetProperty("dropped").GetInt64());
        Assert.InRange(found.GetProperty("flows_per_second").GetDouble(), 1, 1000);
        var first = found.GetProperty("first_packet");
        Assert.Equal(1, first.GetProperty("share").GetDouble());
        Assert.InRange(first.GetProperty("p50_us").GetDouble(), 1, first.GetProperty("p99_us").GetDouble());
    }

    [Fact]
    public void Run_NoSuchSender_SaysSo()
    {
        var code = LinkScript.Run(folder, """
            "$serveflow" bench link bundle -i lo --send nowhere 2> said; [ $? = 1 ]
            grep -q "nowhere: no such interface" said
            """);

        Assert.Equal(0, code);
    }
}
