using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cluster;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Represents the options that name a cluster of workers, and what tells its members from strangers.</summary>
sealed class ClusterArguments
{
    /// <summary>Names the place of the list of workers where each of them stands alone.</summary>
    const string Localhost = "localhost";

    const string Redis = "redis";
    const string Postgres = "postgres";

    readonly Option<string?> id;

    readonly Option<string> membership = new Option<string>("--cluster-membership")
    {
        Description = "Where the cluster keeps the list of its workers; with 'localhost' there is none, and "
            + "sensors are given the addresses",
        HelpName = "localhost|redis|postgres",
        DefaultValueFactory = _ => Localhost,
    }.OneOf(Localhost, Redis, Postgres);

    readonly Option<string?> connection = new("--cluster-connection")
    {
        Description = "The connection string of Redis or PostgreSQL; else the workers' addresses, IP:PORT, with commas "
            + "between several. Default: 127.0.0.1:30000",
        HelpName = "TEXT",
        Validators = { PathOptions.NotEmpty, CheckSecret },
    };

    readonly Option<string?> connectionFile = PathOptions.Create("--cluster-connection-file",
        "A file that holds the connection string, which may have a password");

    readonly Option<string?> certificate = PathOptions.Create("--cluster-cert",
        "Encrypt connections of the cluster (TLS): this node's certificate (PEM), which --cluster-ca has signed");

    readonly Option<string?> key = PathOptions.Create("--cluster-key",
        "The key of --cluster-cert (PEM). Default: it is in the same file");

    readonly Option<string?> authorities = PathOptions.Create("--cluster-ca",
        "Certificates of authorities (PEM): only nodes with a certificate of theirs belong to the cluster");

    /// <param name="description">What the cluster is for.</param>
    public ClusterArguments(string description)
    {
        id = new("--cluster")
        {
            Description = description,
            HelpName = "ID",
            Validators = { PathOptions.NotEmpty },
        };
    }

    /// <summary>Gets the option that names the cluster.</summary>
    public Option Id => id;

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public IReadOnlyList<SettingRow> Rows =>
    [
        new("cluster.id", id), new("cluster.membership", membership), new("cluster.connection", connection),
        new("cluster.connection-file", connectionFile), new("cluster.cert", certificate), new("cluster.key", key),
        new("cluster.ca", authorities),
    ];

    /// <param name="needsId">Whether there is no cluster where none is named.</param>
    public void AddTo(Command command, bool needsId)
    {
        foreach (var row in Rows)
        {
            command.Options.Add((Option)row.Symbol);
        }

        if (needsId)
        {
            command.RequireWith(id, "is about a cluster that computes a tier: name it with --cluster, or leave it out",
                [.. Rows.Skip(1).Select(row => (Option)row.Symbol)]);
        }

        command.RequireWith(certificate, "is about TLS: give --cluster-cert too, or leave it out", key, authorities);
        command.RequireWith(authorities, "says who this node is, and not whom it trusts: give --cluster-ca too",
            certificate);
        command.Require(connectionFile, result => !OptionRules.IsGiven(result, connection),
            "says the same as --cluster-connection: give one of them");
        command.Require(membership, result => result.GetValue(membership) is not (Redis or Postgres)
            || OptionRules.IsGiven(result, connection) || OptionRules.IsGiven(result, connectionFile),
            "needs to know where that is: give --cluster-connection or --cluster-connection-file");
    }

    /// <summary>Reads what was asked for; gives null where no cluster is named.</summary>
    /// <param name="usual">The name of the cluster where none is given; null for no cluster then.</param>
    /// <exception cref="InputException">A file cannot be read.</exception>
    public ClusterOptions? Read(ParseResult parsed, string? usual = null)
    {
        if ((parsed.GetValue(id) ?? usual) is not { } name)
        {
            return null;
        }

        var options = new ClusterOptions
        {
            Id = name,
            Membership = Enum.Parse<ClusterMembership>(parsed.GetRequiredValue(membership), ignoreCase: true),
            Tls = ReadTls(parsed),
        };
        return ReadConnection(parsed) is { } text ? options with { Connection = text } : options;
    }

    ClusterTls? ReadTls(ParseResult parsed) => parsed.GetValue(certificate) is { } file
        ? ClusterTls.Load(file, parsed.GetValue(key), parsed.GetRequiredValue(authorities)!) : null;

    string? ReadConnection(ParseResult parsed)
    {
        if (parsed.GetValue(connectionFile) is not { } file)
        {
            return parsed.GetValue(connection);
        }

        CertificateFiles.CheckSecret(file, "connection string");
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"--cluster-connection-file {file}: cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>A command line is there for every user of the machine to read, and a configuration is shown.</summary>
    static void CheckSecret(OptionResult result)
    {
        if (result.GetValueOrDefault<string>() is { } text
            && Regex.IsMatch(text, @"(password|pwd|psw)\s*=", RegexOptions.IgnoreCase))
        {
            result.AddError($"{result.Option.Name}: holds a password, which others could read here: put it into a file "
                + "and give --cluster-connection-file");
        }
    }
}
