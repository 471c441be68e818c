using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Delivery;

/// <summary><c>serve --socket</c> as a process: kills, restarts, wrong settings.</summary>
public sealed class ServeSocketTests : IDisposable
{
    const int Flows = 5000;
    const long Second = 1_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-socket-").FullName;

    public ServeSocketTests()
    {
        SmallBundle.Write(At("bundle"));
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < Flows; i++)
        {
            capture.Add((1_700_000_000 * Second) + (i * 1000L),
                Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000 + i, 53, [])));
        }

        // Keeps a replay in time waiting, while it is killed.
        capture.Add((1_700_000_060 * Second), Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(9, 9, [])));
        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Serve_OutputOfARunBeforeIsNone_NamesWhatWaitsForIt()
    {
        var serve = "$serveflow serve bundle -r flows.pcap --speed max";
        ProgramProcess.Run(folder, $"{serve} --socket unix:gone.sock --stop-timeout 0.1");
        Directory.CreateDirectory(At("spool/other"));
        File.WriteAllText(At("spool/other/position"), "of another program");

        var (code, _, said) = ProgramProcess.Run(folder, $"{serve} --eve eve.json -q");
        Assert.Equal(CommandRunner.Succeeded, code);
        Assert.Matches($"^[^ ]+ warning serveflow: spool/socket-unix-gone.sock-[0-9a-f]{{8}}: {2 * (Flows + 1):N0} "
            + "records of an earlier run wait, and no output of this one delivers them: run once more with the output "
            + "that they are for, or delete the folder\n$", said);

        using var receiver = new Receiver(At("gone.sock"));
        (code, _, said) = ProgramProcess.Run(folder, $"{serve} --socket unix:gone.sock -q");
        Assert.Equal((CommandRunner.Succeeded, ""), (code, said));
    }

    [Fact]
    public void Kill_WithRecordsInTheSpool_TheNextRunDeliversThemAll()
    {
        using (var serve = ProgramProcess.Start(folder, "exec $serveflow serve bundle -r flows.pcap --speed 1 "
            + "--socket unix:s.sock --stats-interval 0.1 --stats-json stats"))
        {
            ProgramProcess.Until(() => Spooled() >= Flows);
            serve.Signal("KILL");
            serve.Wait();
        }

        using var receiver = new Receiver(At("s.sock"));
        using var next = ProgramProcess.Start(folder, "exec $serveflow serve bundle -r flows.pcap --speed max "
            + "--socket unix:s.sock --json");
        var (code, written, said) = next.Wait();

        Assert.Equal((CommandRunner.Succeeded, said), (code, said));
        var spool = JsonDocument.Parse(written).RootElement.GetProperty("sinks")[0].GetProperty("spool");
        var found = spool.GetProperty("found").GetInt64();
        Assert.InRange(found, Flows, 2 * Flows);
        Assert.Equal((found + (2 * (Flows + 1)), 0), (spool.GetProperty("delivered").GetInt64(),
            spool.GetProperty("waiting").GetInt64()));
        var ids = receiver.ReadLines().Select(line => JsonDocument.Parse(line).RootElement.GetProperty("record_id"))
            .Select(id => id.GetString()!).ToList();
        Assert.Equal(Enumerable.Range(1, (int)found + (2 * (Flows + 1))), ids.Select(id => int.Parse(id[17..])));
    }

    [Theory]
    [InlineData("--socket tcp:host", "--socket 'tcp:host': give tcp:HOST:PORT")]
    [InlineData("--output '{format: socket, path: udp:x:1}'", "socket 'udp:x:1': give tcp:HOST:PORT")]
    [InlineData("--syslog unix:s", "syslog is delivered over a network: give tcp:HOST:PORT or tls:HOST:PORT")]
    [InlineData("--syslog udp:s:1", "syslog is delivered over a network: give tcp:HOST:PORT or tls:HOST:PORT")]
    [InlineData("--kafka-topic t", "is about records that are delivered: give a receiver, such as --kafka ")]
    [InlineData("--ipfix unix:s", "ipfix is delivered over a network: give tcp:HOST:PORT or tls:HOST:PORT")]
    [InlineData("--ipfix tcp:h:1 --ipfix-enterprise 0", "--ipfix-enterprise '0': give a whole number from 1")]
    [InlineData("--syslog tcp:h:1 --syslog-facility local9", "--syslog-facility: 'local9': give 'kern' or")]
    [InlineData("--eve e.json --spool d", "--spool: is about records that are delivered: give a receiver")]
    [InlineData("--socket unix:s --spool-size 1MiB", "--spool-size '1MiB': give 4MiB or more")]
    [InlineData("--socket unix:s --tls-key k", "--tls-key: is the key of a certificate")]
    [InlineData("--socket tls:h:1 --tls-ca no.pem", "no.pem: cannot be read as certificates of authorities")]
    [InlineData("--socket unix:s --spool flows.pcap", "records cannot wait in flows.pcap")]
    [InlineData("--socket unix:s --spool bundle/1", "bundle/1: lies in the bundle")]
    public void Serve_WrongSettings_AreSaidInOneLine(string options, string expected)
    {
        var (code, _, said) = ProgramProcess.Run(folder,
            $"$serveflow serve bundle -r flows.pcap --speed max {options}");

        Assert.NotEqual(0, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Single(said.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Serve_TwoSensorsOfOneSpool_TheSecondIsRefused()
    {
        const string socket = "--socket unix:s.sock";
        using var first = ProgramProcess.Start(folder, $"exec $serveflow serve bundle -r flows.pcap {socket}");
        ProgramProcess.Until(() => Directory.Exists(At("spool")) && Directory.GetFiles(At("spool"), "*.spool",
            SearchOption.AllDirectories).Length > 0);

        var (code, _, said) = ProgramProcess.Run(folder, $"$serveflow serve bundle -r flows.pcap {socket}");

        Assert.Equal(CommandRunner.Failed, code);
        Assert.Contains("another process delivers what is in spool/socket-unix-s.sock-", said,
            StringComparison.Ordinal);
    }

    string At(string name) => Path.Combine(folder, name);

    /// <summary>Reads how many records the sensor says are safe.</summary>
    long Spooled()
    {
        var last = File.Exists(At("stats")) ? File.ReadLines(At("stats")).LastOrDefault() : null;
        return last is null or "" ? 0 : JsonDocument.Parse(last).RootElement.GetProperty("sinks")[0]
            .GetProperty("spool").GetProperty("spooled").GetInt64();
    }

    /// <summary>Reads everything that comes over one connection.</summary>
    sealed class Receiver : IDisposable
    {
        readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        readonly Task<string> text;

        public Receiver(string path)
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            text = Task.Run(() =>
            {
                using var stream = new NetworkStream(listener.Accept(), ownsSocket: true);
                return new StreamReader(stream, Encoding.UTF8).ReadToEnd();
            });
        }

        public IEnumerable<string> ReadLines() => text.GetAwaiter().GetResult().TrimEnd().Split('\n');

        public void Dispose() => listener.Dispose();
    }
}
