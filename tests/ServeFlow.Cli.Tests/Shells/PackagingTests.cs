using System.Diagnostics;
using System.Globalization;
using ServeFlow.Cli.Tests.Configuration;
using Xunit;

namespace ServeFlow.Cli.Tests.Shells;

/// <summary>What the packages install beside the program. <c>packaging/test</c> installs one.</summary>
public sealed class PackagingTests
{
    static string Folder => Path.Combine(Repository.Root, "packaging");

    [Fact]
    public void Unit_Exposure_IsAtMost2Point5()
    {
        var said = Run("systemd-analyze", 0, "security", "--offline=true", "--no-pager", "serveflow.service");

        var line = said.Split('\n').Single(line => line.Contains("Overall exposure level", StringComparison.Ordinal));
        var level = double.Parse(line.Split("serveflow.service:")[1].Trim().Split(' ')[0],
            CultureInfo.InvariantCulture);
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

    [Theory]
    [InlineData("build")]
    [InlineData("test")]
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
