using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Configuration;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Says where a sensor answers HTTP, and to whom.</summary>
/// <param name="Addresses">Empty for nowhere.</param>
/// <param name="TokenFile">The file with the token that callers must show; null for none.</param>
sealed record ServeHttpOptions(IReadOnlyList<string> Addresses, string? TokenFile);

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

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows => [new("http.listen", Addresses), new("http.token-file", TokenFile)];

    public static void AddTo(Command command)
    {
        command.Options.Add(Addresses);
        command.Options.Add(TokenFile);
        command.RequireWith(Addresses, "is about HTTP: say where it is answered with --http, or leave it out",
            TokenFile);
    }

    public static ServeHttpOptions Read(ParseResult parsed) =>
        new(parsed.GetValue(Addresses) ?? [], parsed.GetValue(TokenFile));

    /// <summary>Begins to answer; gives null where nothing is to be answered.</summary>
    /// <exception cref="InputException">An address cannot be listened on, or the token cannot be read.</exception>
    public static SensorService? Start(ServeHttpOptions options, IRunningSensor sensor) =>
        options.Addresses.Count == 0 ? null
            : SensorService.Start(sensor, [.. options.Addresses.Select(HttpAddress.Parse)],
                options.TokenFile is { } file ? AccessToken.ReadFile(file) : null);

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
