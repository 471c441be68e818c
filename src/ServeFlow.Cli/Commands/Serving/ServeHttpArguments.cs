using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using ServeFlow.Cli.Configuration;
using ServeFlow.Dashboard;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Says where a sensor answers HTTP, and to whom.</summary>
/// <param name="Addresses">Empty for nowhere.</param>
/// <param name="TokenFile">The file with the token that callers must show; null for none.</param>
/// <param name="HasDashboard">Whether the page for people is served.</param>
sealed record ServeHttpOptions(IReadOnlyList<string> Addresses, string? TokenFile, bool HasDashboard);

/// <summary>The options of <c>serve</c> that open it to HTTP.</summary>
static class ServeHttpArguments
{
    static readonly Option<string[]> Addresses = new("--http")
    {
        Description = "Answer HTTP there: health, metrics and control; may be repeated. A Unix socket is for 'ctl'",
        HelpName = "ADDR:PORT|unix:PATH",
        Validators = { CommonOptions.NotEmpty, CheckAddress },
    };

    static readonly Option<string?> TokenFile = new("--http-token-file")
    {
        Description = "A file with a token that callers over TCP must show; needed beyond loopback, and for control",
        HelpName = "FILE",
        Validators = { CommonOptions.NotEmpty },
    };

    static readonly Option<bool> NoDashboard = new("--no-dashboard")
    {
        Description = "Answer programs only: leave out the page that shows the sensor to people",
    };

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
    [
        new("http.listen", Addresses),
        new("http.token-file", TokenFile),
        new("http.dashboard", NoDashboard)
        {
            IsNegated = true,
            Help = "Serve the page that shows the sensor to people, at '/'",
        },
    ];

    public static void AddTo(Command command)
    {
        command.Options.Add(Addresses);
        command.Options.Add(TokenFile);
        command.Options.Add(NoDashboard);
        command.RequireWith(Addresses, "is about HTTP: say where it is answered with --http, or leave it out",
            TokenFile, NoDashboard);
    }

    public static ServeHttpOptions Read(ParseResult parsed) =>
        new(parsed.GetValue(Addresses) ?? [], parsed.GetValue(TokenFile),
            !parsed.GetValue(NoDashboard));

    /// <summary>Begins to answer; gives null where nothing is to be answered.</summary>
    /// <exception cref="InputException">An address cannot be listened on, or the token cannot be read.</exception>
    public static SensorService? Start(ServeHttpOptions options, IRunningSensor sensor) =>
        options.Addresses.Count == 0 ? null
            : SensorService.Start(sensor, [.. options.Addresses.Select(HttpAddress.Parse)],
                options.TokenFile is { } file ? AccessToken.ReadFile(file) : null,
                options.HasDashboard ? CreatePages() : null);

    /// <summary>Is a method of its own, so that a sensor without the page never loads the libraries of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static ISensorPages CreatePages() => new DashboardPages();

    static void CheckAddress(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                HttpAddress.Parse(token.Value);
            }
            catch (InputException e)
            {
                result.AddError($"--http {e.Message}");
            }
        }
    }
}
