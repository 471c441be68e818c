using System.Diagnostics;
using Xunit;

namespace ServeFlow.Testing;

/// <summary>The system's Python, where tests need a library that only it has.</summary>
public static class Python
{
    /// <summary>Debian's packages belong to this one; another that comes first in PATH need not have them.</summary>
    static readonly string[] Programs = ["/usr/bin/python3", "python3"];

    /// <summary>Runs a script to its end; skips the test where no Python here has the modules.</summary>
    /// <param name="modules">What it imports.</param>
    /// <returns>Its standard output.</returns>
    public static string Run(string[] modules, params IEnumerable<string> arguments)
    {
        var program = Programs.FirstOrDefault(p => Start(p, ["-c", $"import {string.Join(", ", modules)}"]).Code == 0);
        Assert.SkipWhen(program is null, $"no Python here has {string.Join(" and ", modules)}");
        var (code, output, errors) = Start(program!, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }

    static (int Code, string Output, string Errors) Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }
}
