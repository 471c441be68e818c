using System.Diagnostics;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>File names that would command the terminal, through the program itself.</summary>
public sealed class EscapingTests : IDisposable
{
    /// <summary>Sets the title, turns the direction, and makes a line of its own.</summary>
    const string Name = "\u001b]0;owned\u0007\u202e\u009b2J\nserveflow: all is well";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-escape").FullName;

    public EscapingTests() => SmallBundle.Write(At("bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("classify BUNDLE -r NAME")]
    [InlineData("classify BUNDLE -r TEXT")]
    [InlineData("classify NAME -r TEXT")]
    [InlineData("classify BUNDLE -r DIR -w NONE/NAME")]
    [InlineData("serve BUNDLE -r NAME")]
    [InlineData("serve BUNDLE -i NAME")]
    [InlineData("serve BUNDLE -r CUT --stats-json NONE/NAME")]
    [InlineData("serve BUNDLE -r CUT NAME")]
    [InlineData("features -r NAME -w OUT")]
    [InlineData("features -r DIR --labels NAME -w OUT")]
    [InlineData("train -r DIR -o OUT --import NAME")]
    [InlineData("model show NAME")]
    [InlineData("model show TEXT")]
    [InlineData("NAME")]
    [InlineData("classify BUNDLE -r CUT NAME")]
    [InlineData("classify BUNDLE -r CUT --format NAME")]
    [InlineData("classify BUNDLE -r CUT")]
    [InlineData("classify BUNDLE -r CUT --format csv")]
    [InlineData("classify BUNDLE -r CUT --format zeek")]
    [InlineData("features -r CUT")]
    [InlineData("model show NAME/bundle")]
    public void Run_NameThatCommands_IsEscapedOnStandardOutputAndError(string command)
    {
        Directory.CreateDirectory(At("dir"));
        File.WriteAllText(At("dir", Name + ".txt"), "no capture");
        File.WriteAllBytes(At("dir", Name + ".pcap"), Capture()[..^3]);
        SmallBundle.Write(At("dir2", Name));
        var arguments = command.Split(' ').Select(word => word switch
        {
            "BUNDLE" => At("bundle"),
            "NAME" => Name,
            "TEXT" => At("dir", Name + ".txt"),
            "CUT" => At("dir", Name + ".pcap"),
            "DIR" => At("dir"),
            "OUT" => At("out"),
            "NONE/NAME" => At("none", Name),
            "NAME/bundle" => At("dir2", Name),
            _ => word,
        });

        var said = Run(arguments);

        Assert.NotEmpty(said);
        Assert.All(said.Split('\n'), line =>
        {
            Assert.True(PrintableText.IsPrintable(line.Replace("\t", "")), PrintableText.Escape(line));
            Assert.False(line.StartsWith("serveflow: all is well", StringComparison.Ordinal), said);
        });
    }

    string At(params string[] names) => Path.Combine([folder, .. names]);

    static byte[] Capture() => new CaptureBuilder(101)
        .Add(1_700_000_000_000_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, [])))
        .Add(1_700_000_000_000_000_001, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5001, 53, []))).ToArray();

    static string Run(IEnumerable<string> arguments)
    {
        Assert.SkipUnless(File.Exists(Repository.Program), "no program to start");
        using var process = Process.Start(new ProcessStartInfo(Repository.Program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output.Result + error;
    }
}
