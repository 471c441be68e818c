using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>A sensor as a process of its own, for tests to ask over real sockets while it runs.</summary>
[UnsupportedOSPlatform("windows")]
public abstract partial class ServedSensor : IDisposable
{
    protected const string Token = "0123456789abcdef0123456789abcdef";
    protected const long Start = 1_700_000_000_000_000_000;
    protected const int Flows = 20;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-http-").FullName;
    readonly List<IDisposable> open = [];

    protected ServedSensor()
    {
        SmallBundle.Write(At("bundle"));
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < Flows; i++)
        {
            capture.Add(Start + (i * 1_000_000L), Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000 + i, 53, [])));
        }

        // Keeps a replay in time waiting, while it is asked.
        capture.Add(Start + 50_000_000_000L, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, [])));
        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
        File.WriteAllText(At("token"), Token);
        File.SetUnixFileMode(At("token"), UnixFileMode.UserRead);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        open.ForEach(one => one.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    protected string Folder => folder;

    private protected ProgramProcess? Process { get; set; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts a sensor that has taken all packets and waits for the last; gives its address.</summary>
    /// <param name="models">The bundle, or the options that name those of tasks.</param>
    protected string Serve(string options, string models = "bundle")
    {
        if (!File.Exists(At("c.yaml")))
        {
            File.WriteAllText(At("c.yaml"), "");
        }

        File.Delete(At("eve.json"));
        Process = ProgramProcess.Start(folder,
            $"exec $serveflow serve {models} -r flows.pcap --speed 1 --eve eve.json {options} 2> said");
        open.Add(Process);
        ProgramProcess.Until(() => File.Exists(At("said")) && Listening().IsMatch(File.ReadAllText(At("said")))
            && File.Exists(At("eve.json")) && File.ReadLines(At("eve.json")).Count() >= Flows);
        return Listening().Match(File.ReadAllText(At("said"))).Groups[1].Value;
    }

    protected string Ctl(string words, int code = 0)
    {
        var answer = ProgramProcess.Run(folder, $"$serveflow ctl --socket s.sock {words}");
        Assert.True(code == answer.Code, answer.Said);
        return answer.Written + answer.Said;
    }

    protected HttpClient Client(string address)
    {
        var client = new HttpClient { BaseAddress = new(address) };
        open.Add(client);
        return client;
    }

    protected static double Sum(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)
            || line.StartsWith(name + "{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[^(Stamped(line) ? 2 : 1)],
            System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A sample may have its time behind its value.</summary>
    static bool Stamped(string line) => line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ') is { Length: > 1 } words
        && long.TryParse(words[^1], out var time) && time > 1_000_000_000_000;

    protected string At(string name) => Path.Combine(folder, name);

    [GeneratedRegex(@"answering HTTP on (\S+)")]
    private static partial Regex Listening();
}
