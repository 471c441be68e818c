using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ServeFlow.Cli.Commands.Workers;
using ServeFlow.Cli.Tests.Configuration;
using Xunit;

namespace ServeFlow.Cli.Tests.Shells;

/// <summary>What the packages install beside the program. <c>packaging/test</c> installs one.</summary>
public sealed class PackagingTests
{
    static string Folder => Path.Combine(Repository.Root, "packaging");

    [Theory]
    [InlineData("serveflow.service")]
    [InlineData("serveflow-worker.service")]
    public void Unit_Exposure_IsAtMost2Point5(string unit)
    {
        var said = Run("systemd-analyze", 0, "security", "--offline=true", "--no-pager", unit);

        var line = said.Split('\n').Single(line => line.Contains("Overall exposure level", StringComparison.Ordinal));
        var level = double.Parse(line.Split($"{unit}:")[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(level, 0, 2.5);
    }

    [Theory]
    [InlineData("Type=notify")]
    [InlineData("WatchdogSec=")]
    [InlineData("Wants=network-online.target")]
    [InlineData("AmbientCapabilities=CAP_NET_RAW\nCapabilityBoundingSet=CAP_NET_RAW\nNoNewPrivileges=yes")]
    [InlineData("ProtectSystem=strict")]
    [InlineData("SystemCallFilter=@system-service")]
    [InlineData("MemoryMax=")]
    [InlineData("ExecReload=/bin/kill -HUP $MAINPID")]
    public void Unit_HasWhatASensorTakes(string lines) =>
        Assert.Contains($"\n{lines}", File.ReadAllText(Path.Combine(Folder, "serveflow.service")));

    [Fact]
    public void Configuration_OfThePackage_IsValidAndMatchesTheUnit()
    {
        var text = Run("bash", 0, "configuration");
        using var file = new ConfigurationFile(text);

        Assert.Empty(file.Read().Errors);
        Assert.Contains("\n  wait-interfaces: forever\n", text);
        Assert.Contains("unix:/run/serveflow/serveflow.sock", text);
        Assert.Contains("bundle: /var/lib/serveflow/bundle", text);
    }

    [Fact]
    public void ConfigurationOfAWorker_IsValidWithEverySettingAndMatchesTheUnit()
    {
        var path = Path.Combine(Repository.Root, "examples", "worker.yaml");
        var text = File.ReadAllText(path);
        var folder = Directory.CreateTempSubdirectory("serveflow-worker-").FullName;
        try
        {
            var whole = Path.Combine(folder, "worker.yaml");
            File.WriteAllText(whole, Regex.Replace(text, "(?m)^( *)#(?=[a-z-])", "$1"));

            Assert.Empty(WorkerCommand.Create().Open(path).Read().Errors);
            Assert.Empty(WorkerCommand.Create().Open(whole).Read().Errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.All(WorkerCommand.Create().Settings.Rows, row => Assert.Contains($"{row.Name}:", text));
        Assert.Contains("bundles: [/var/lib/serveflow/bundle]", text);
        var unit = File.ReadAllText(Path.Combine(Folder, "serveflow-worker.service"));
        Assert.Contains("\nType=notify\nExecStart=/usr/bin/serveflow worker -c /etc/serveflow/worker.yaml\n"
            + "ExecReload=/bin/kill -HUP $MAINPID\n", unit);
        Assert.Contains("\nConditionPathExists=/var/lib/serveflow/bundle\n", unit);
    }

    [Theory]
    [InlineData("build")]
    [InlineData("test")]
    [InlineData("boot")]
    [InlineData("configuration")]
    [InlineData("debian/postinst")]
    [InlineData("debian/prerm")]
    [InlineData("debian/postrm")]
    public void Scripts_AreValid(string script) => Run("bash", 0, "-n", script);

    [Fact]
    public void Build_HelpAndBadOptions_AreAnswered()
    {
        Assert.Contains("example: packaging/build --deb", Run("bash", 0, "build", "--help"));
        Assert.Contains("unknown option '--rpm'", Run("bash", 1, "build", "--rpm"));
    }

    static string Run(string program, int code, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{program}"), $"takes {program}");
        using var process = Process.Start(new ProcessStartInfo($"/usr/bin/{program}", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.True(process.ExitCode == code, $"{program} {string.Join(' ', arguments)}: {said}");
        return said;
    }
}
