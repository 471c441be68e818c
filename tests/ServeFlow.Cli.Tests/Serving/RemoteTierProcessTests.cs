using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A sensor whose slow tier another sensor computes, each a process of its own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RemoteTierProcessTests : IDisposable
{
    const long Start = 1_700_000_000_000_000_000;
    const string Token = "0123456789abcdef0123456789abcdef";
    const int Flows = 500;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-remote-").FullName;
    readonly List<ProgramProcess> servers = [];

    public RemoteTierProcessTests()
    {
        WriteBundle("bundle", 0.9999);
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < Flows; i++)
        {
            capture.Add(Start + (i * 1_000_000L), Udp(5000 + i));
            capture.Add(Start + (i * 1_000_000L) + 500_000, Udp(5000 + i));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
        capture = new CaptureBuilder(101);
        for (var i = 0; i < 10; i++)
        {
            capture.Add(Start + (i * 50_000_000_000L), Udp(1)); // a replay in time goes on for as long as it is needed
        }

        File.WriteAllBytes(At("slow.pcap"), capture.ToArray());
        File.WriteAllText(At("token"), Token);
        File.SetUnixFileMode(At("token"), UnixFileMode.UserRead);
        Run("$serveflow classify bundle -r flows.pcap -w local.json -q");
    }

    public void Dispose()
    {
        servers.ForEach(server => server.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public void Classify_WithARemoteTier_GivesTheRecordsOfOneProcess(string scheme)
    {
        var tier = StartServer("bundle", scheme);
        Run($"$serveflow classify bundle -r flows.pcap -w there.json --remote-tier {tier} -q");
        Run($"$serveflow serve bundle -r flows.pcap --speed max --eve max.json --remote-tier {tier} -q");

        Assert.Equal(File.ReadAllText(At("local.json")), File.ReadAllText(At("there.json")));
        Assert.Equal(File.ReadAllText(At("local.json")), File.ReadAllText(At("max.json")));
    }

    [Fact]
    public void Classify_ByEncryptedGrpc_GivesTheRecordsOfOneProcess()
    {
        using var certificates = new TestCertificates(folder);
        certificates.Issue("sensor").Dispose();
        var tier = StartServer("bundle", "grpcs", "--http-cert sensor.pem --http-key sensor.key");
        Run($"SSL_CERT_FILE=ca.pem $serveflow classify bundle -r flows.pcap -w there.json --remote-tier {tier} -q");

        Assert.Equal(File.ReadAllText(At("local.json")), File.ReadAllText(At("there.json")));
        var said = Serve("refused.json", $"--remote-tier {tier} --remote-deadline 1000"); // knows no such authority
        Assert.Contains("remote tier 'slow' at grpcs://127.0.0.1:", said, StringComparison.Ordinal);
        Assert.Contains("remote tier slow: 0 answered", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public void Serve_WithARemoteTier_CountsEachFlowAndGivesTheSameAnswers(string scheme)
    {
        var said = Serve("later.json", $"--remote-tier {StartServer("bundle", scheme)} --remote-deadline 15000");

        Assert.Contains($"remote tier slow: {Flows} answered, 0 late, 0 lost, 0 refused, 0 no_credit", said,
            StringComparison.Ordinal);
        Assert.Equal(File.ReadAllLines(At("local.json")).Order(StringComparer.Ordinal),
            File.ReadAllLines(At("later.json")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public void Serve_ServerHasAnotherVersion_IsRefusedByNameAndFlowsAreAnswered(string scheme)
    {
        WriteBundle("other/bundle", 0.8);
        var tier = StartServer("other/bundle", scheme);
        var said = Serve("refused.json", $"--remote-tier {tier} --remote-deadline 15000");

        Assert.Contains("give it the same version of the bundle; flows keep the answer of the tier before", said,
            StringComparison.Ordinal);
        Assert.Contains($"0 lost, {Flows} refused", said, StringComparison.Ordinal);
        Assert.Equal(Flows, File.ReadLines(At("refused.json")).Count(line =>
            line.Contains("\"prediction\"", StringComparison.Ordinal)
            && line.Contains("\"reason\":\"tier_unavailable\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Serve_TokenIsMissingForGrpc_IsRefusedAndSaid()
    {
        var tier = StartServer("bundle", "grpc").Split(' ')[0];
        var said = Serve("refused.json", $"--remote-tier {tier} --remote-deadline 15000");

        Assert.Contains("it answers UNAUTHENTICATED: Authorization: show the token, as 'Authorization: Bearer TOKEN'; "
            + "show it its token, with --remote-token-file", said, StringComparison.Ordinal);
        Assert.Contains($"0 lost, {Flows} refused", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_NobodyListens_FlowsAreAnsweredAndClassifySaysSo()
    {
        var said = Serve("alone.json", "--remote-tier slow=http://127.0.0.1:9/v2/models/bundle --remote-deadline 2000");
        Assert.Contains("remote tier slow: 0 answered", said, StringComparison.Ordinal);
        Assert.Contains("remote tier 'slow' at http://127.0.0.1:9/v2/models/bundle: Connection refused", said,
            StringComparison.Ordinal);
        Assert.Equal(2 * Flows, File.ReadLines(At("alone.json")).Count());
    }

    string Serve(string output, string options)
    {
        var (code, _, said) = ProgramProcess.Run(folder,
            $"$serveflow serve bundle -r flows.pcap --speed 1 --eve {output} {options}");
        Assert.True(code == CommandRunner.Succeeded, said);
        return said;
    }

    /// <summary>Starts a sensor that answers inference; gives the option that names its model.</summary>
    string StartServer(string bundle, string scheme, string options = "")
    {
        servers.Add(ProgramProcess.Start(folder, $"exec $serveflow serve {bundle} -r slow.pcap --speed 1 --eve o.json "
            + $"--http 127.0.0.1:0 --grpc 127.0.0.1:0 --http-token-file token {options} 2> said"));
        var listening = new Regex($"answering [a-zA-Z]+ on ({scheme}://\\S+)");
        ProgramProcess.Until(() => File.Exists(At("said")) && listening.IsMatch(File.ReadAllText(At("said"))));
        var url = listening.Match(File.ReadAllText(At("said"))).Groups[1].Value;
        return $"slow={url}/{(scheme == "http" ? "v2/models/" : "")}bundle --remote-token-file token";
    }

    /// <summary>Its first tier is unsure of every flow.</summary>
    void WriteBundle(string path, double sure)
    {
        var manifest = SmallBundle.NewManifest();
        BundleWriter.Write(At(path), manifest with
        {
            Tiers = [manifest.Tiers[0] with { Thresholds = [-1, -1] }, manifest.Tiers[1] with { Packets = 2 }],
        }, new Dictionary<string, byte[]>(SmallBundle.Models)
        {
            ["slow.txt"] = System.Text.Encoding.UTF8.GetBytes(SmallBundle.ModelText(sure: sure)),
        });
    }

    void Run(string script)
    {
        var (code, _, said) = ProgramProcess.Run(folder, script);
        Assert.True(code == CommandRunner.Succeeded, said);
    }

    static byte[] Udp(int port) => Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(port, 53, []));

    string At(string name) => Path.Combine(folder, name);
}
