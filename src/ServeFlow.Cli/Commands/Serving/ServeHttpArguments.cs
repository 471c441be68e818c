using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using ServeFlow.Cli.Configuration;
using ServeFlow.Dashboard;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Says where a sensor answers HTTP, and to whom.</summary>
/// <param name="Addresses">Empty for nowhere.</param>
/// <param name="GrpcAddresses">Where inference by gRPC is answered; empty for nowhere.</param>
/// <param name="TokenFile">The file with the token that callers must show; null for none.</param>
/// <param name="Certificate">The file with the certificate that encrypts TCP; null for none.</param>
/// <param name="Key">The file with its key; null where that is in the same file.</param>
/// <param name="ClientAuthorities">The file with the authorities of client certificates; null for none.</param>
/// <param name="HasDashboard">Whether the page for people is served.</param>
sealed record ServeHttpOptions(IReadOnlyList<string> Addresses, IReadOnlyList<string> GrpcAddresses, string? TokenFile,
    string? Certificate, string? Key, string? ClientAuthorities, bool HasDashboard)
{
    /// <summary>Reads the certificates; gives null where there are none.</summary>
    /// <exception cref="InputException">They cannot be used.</exception>
    public TlsIdentity? LoadTls() =>
        Certificate is null ? null : TlsIdentity.Load(Certificate, Key, ClientAuthorities);
}

/// <summary>Provides the options of <c>serve</c> that open it to HTTP.</summary>
static class ServeHttpArguments
{
    static readonly Option<string[]> Addresses = new("--http")
    {
        Description = "Answer HTTP there: health, metrics and control; may be repeated. A Unix socket is for 'ctl'",
        HelpName = "ADDR:PORT|unix:PATH",
        Validators = { PathOptions.NotEmpty, result => CheckAddress(result, HttpAddress.Parse) },
    };

    static readonly Option<string[]> GrpcAddresses = new("--grpc")
    {
        Description = "Answer inference by gRPC there, beside --http; may be repeated. Callers show what HTTP asks for",
        HelpName = "ADDR:PORT",
        Validators = { PathOptions.NotEmpty, result => CheckAddress(result, HttpAddress.ParseGrpc) },
    };

    static readonly Option<string?> TokenFile = PathOptions.Create("--http-token-file",
        "A file with a token that callers over TCP must show; this or --http-client-ca is needed beyond loopback, and "
        + "for control");

    static readonly Option<string?> Certificate = PathOptions.Create("--http-cert",
        "Encrypt HTTP over TCP (TLS): the sensor's certificate with its chain (PEM)");

    static readonly Option<string?> Key = PathOptions.Create("--http-key",
        "The key of --http-cert (PEM). Default: it is in the same file");

    static readonly Option<string?> ClientAuthorities = PathOptions.Create("--http-client-ca",
        "Certificates of authorities (PEM): callers with a certificate of theirs need no token");

    static readonly Option<bool> NoDashboard = new("--no-dashboard")
    {
        Description = "Answer programs only: leave out the page that shows the sensor to people",
    };

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
    [
        new("http.listen", Addresses),
        new("http.grpc", GrpcAddresses),
        new("http.token-file", TokenFile),
        new("http.cert", Certificate),
        new("http.key", Key),
        new("http.client-ca", ClientAuthorities),
        new("http.dashboard", NoDashboard)
        {
            IsNegated = true,
            Help = "Serve the page that shows the sensor to people, at '/'",
        },
    ];

    public static void AddTo(Command command)
    {
        command.Options.Add(Addresses);
        Option[] others = [GrpcAddresses, TokenFile, Certificate, Key, ClientAuthorities, NoDashboard];
        Array.ForEach(others, command.Options.Add);
        command.RequireWith(Addresses, "is about HTTP: say where it is answered with --http, or leave it out", others);
        command.RequireWith(Certificate,
            "is about TLS: give the sensor's certificate with --http-cert, or leave it out", Key, ClientAuthorities);
    }

    public static ServeHttpOptions Read(ParseResult parsed) =>
        new(parsed.GetValue(Addresses) ?? [], parsed.GetValue(GrpcAddresses) ?? [], parsed.GetValue(TokenFile),
            parsed.GetValue(Certificate), parsed.GetValue(Key), parsed.GetValue(ClientAuthorities),
            !parsed.GetValue(NoDashboard));

    /// <summary>Begins to answer; gives null where nothing is to be answered.</summary>
    /// <exception cref="InputException">An address cannot be listened on, or the token or a certificate cannot be read.
    /// </exception>
    public static SensorService? Start(ServeHttpOptions options, IRunningSensor sensor) =>
        options.Addresses.Count == 0 ? null
            : SensorService.Start(sensor,
                [
                    .. options.Addresses.Select(HttpAddress.Parse),
                    .. options.GrpcAddresses.Select(HttpAddress.ParseGrpc),
                ],
                new(options.TokenFile is { } file ? AccessToken.ReadFile(file) : null, options.LoadTls()),
                options.HasDashboard ? CreatePages() : null);

    /// <summary>Creates the pages; apart, so that a sensor without them never loads their libraries.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static ISensorPages CreatePages() => new DashboardPages();

    static void CheckAddress(OptionResult result, Func<string, HttpAddress> parse)
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                parse(token.Value);
            }
            catch (InputException e)
            {
                result.AddError($"{result.Option.Name} {e.Message}");
            }
        }
    }
}
