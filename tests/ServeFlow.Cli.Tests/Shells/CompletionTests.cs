using System.CommandLine;
using System.Diagnostics;
using ServeFlow.Cli.Commands.Shells;
using Xunit;

namespace ServeFlow.Cli.Tests.Shells;

/// <summary>The scripts and pages, read by the shells and tools that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-shells-").FullName;

    static RootCommand Root => RootVerbs.Create();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("serveflow cla", "classify")]
    [InlineData("serveflow ctl sta", "stats status")]
    [InlineData("serveflow serve --wait", "--wait-interfaces")]
    [InlineData("serveflow serve --log-level w", "warning")]
    [InlineData("serveflow worker b --log-format js", "json")]
    [InlineData("serveflow serve -i l", "lo")]
    [InlineData("serveflow bench rate --wor", "--workers")]
    [InlineData("serveflow ctl status --sock", "--socket")]
    public void Bash_Words_AreCompleted(string typed, string expected)
    {
        Write("serveflow", BashCompletion.Write(Root));
        var said = Run("bash", "-uec", $$"""
            . ./serveflow; COMP_WORDS=({{typed}}); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _serveflow; printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
            """);

        Assert.Equal(expected, said.Trim());
    }

    [Fact]
    public void Zsh_Script_IsValidAndHasAFunctionForEachCommand()
    {
        var script = ZshCompletion.Write(Root);
        Write("_serveflow", script);

        Run("zsh", "-n", "_serveflow");
        Assert.All(CommandTree.Walk(Root), node =>
            Assert.Contains($"\n{string.Join('_', node.Words.Prepend("_serveflow"))}() {{", script));
    }

    [Theory]
    [InlineData("serveflow cla", "classify")]
    [InlineData("serveflow ctl statu", "status")]
    [InlineData("serveflow serve --wait", "--wait-interfaces")]
    public void Fish_Words_AreCompleted(string typed, string expected)
    {
        Write("serveflow.fish", FishCompletion.Write(Root));

        var said = Run("fish", "--no-config", "-c", $"source serveflow.fish; complete -C '{typed}'");
        Assert.StartsWith(expected + "\t", said);
    }

    [Fact]
    public void Man_Pages_AreCleanToMandoc()
    {
        var pages = ManPage.Write(Root, "1.2.3").ToList();
        pages.ForEach(page => Write(page.Name, page.Text));

        Assert.Equal(RootVerbs.Create().Subcommands.Count + 1, pages.Count);
        foreach (var (name, text) in pages)
        {
            Assert.DoesNotContain("\n\n", text);
            Assert.Contains(".SH NAME\nserveflow", text);
            Run("mandoc", "-T", "lint", "-W", "warning,stop", name);
        }
    }

    [Fact]
    public void Man_EveryOption_IsInItsPage()
    {
        var pages = ManPage.Write(Root, "1.2.3").ToDictionary(page => page.Name, page => page.Text);

        Assert.All(CommandTree.Walk(Root).Where(node => node.Words.Count > 0), node =>
            Assert.All(node.Options, option => Assert.Contains(option.Name.Replace("-", "\\-"),
                pages[$"serveflow-{node.Words[0]}.1"])));
    }

    void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    string Run(string program, params string[] arguments)
    {
        var path = $"/usr/bin/{program}";
        Assert.SkipUnless(File.Exists(path), $"takes {program}");
        using var process = Process.Start(new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {said}{errors}");
        return said;
    }
}
