using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Configuration;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// Reads one item of the outputs of a configuration: its settings, and <c>--output</c>, which takes the same as one
/// word.
/// </summary>
static class ServeOutputItem
{
    const string Predictions = "prediction";
    const string Flows = "flow";

    static readonly Option<string> Format = new("--format")
    {
        Description = "EVE JSON Lines, CSV, Zeek conn.log or Parquet; 'socket', 'syslog', 'kafka' and 'ipfix' "
            + "deliver to a receiver",
        HelpName = "eve|csv|zeek|parquet|socket|syslog|kafka|ipfix",
        DefaultValueFactory = _ => RecordFormat.Eve,
    };

    static readonly Option<string> Path = new("--path")
    {
        Description = "A file, a directory of Parquet files, '-' for standard output, or a receiver's address",
        HelpName = "PATH",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string[]> Labels = new("--labels")
    {
        Description = "Write records of these labels only",
        HelpName = "LABEL",
    };

    static readonly Option<double?> Confidence = NumberOptions.CreateOptional("--min-confidence", "NUMBER",
        "Write records of answers that are at least as confident", 0.0, 1.0);

    static readonly Option<string[]> Events = new("--events")
    {
        Description = "Write these events only: 'prediction' when a flow is decided, 'flow' when it ends",
        HelpName = "prediction|flow",
    };

    static readonly RecordLimitArguments Limits = new();

    static readonly SettingTable Table = CreateTable();

    /// <summary>Creates the setting that lists outputs, with the option of each item.</summary>
    public static SettingRow CreateRow(Option<ServeOutput[]> option, params Option[] replacedBy) =>
        new("outputs", option) { Items = Table, ReplacedBy = replacedBy, IsReloadable = true };

    public static Option<ServeOutput[]> CreateOption() => new("--output")
    {
        Description = "Write records as an item of a configuration's outputs says, such as "
            + "'{format: eve, path: zoom.json, labels: [zoom], min-confidence: 0.9, events: [flow]}'; may be repeated",
        HelpName = "ITEM",
        CustomParser = Parse,
    };

    static SettingTable CreateTable()
    {
        Format.AcceptOnlyFromAmong([.. RecordFormat.Names, .. DeliveryFormat.Names]);
        Events.AcceptOnlyFromAmong(Predictions, Flows);
        var command = new Command("output") { Format, Path, Labels, Confidence, Events };
        Limits.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!OptionRules.IsGiven(result, Path))
            {
                result.AddError("path: is missing: give a file, a directory of Parquet files, '-' for standard "
                    + "output, or a receiver's address");
            }
        });
        return new(command, [.. command.Options.Select(option => new SettingRow(option.Name[2..], option))]);
    }

    static ServeOutput[]? Parse(ArgumentResult result)
    {
        var outputs = new List<ServeOutput>();
        foreach (var token in result.Tokens)
        {
            var errors = new List<ConfigurationError>();
            if (ParseItem(token.Value, errors) is { } output && errors.Count == 0)
            {
                outputs.Add(output);
            }
            else
            {
                result.AddError($"--output '{InputException.Quote(token.Value)}': {errors[0].Message}");
            }
        }

        return [.. outputs];
    }

    static ServeOutput? ParseItem(string text, List<ConfigurationError> errors)
    {
        var origin = new Origin(Layer.Option, "--output");
        if (YamlText.Parse(Layer.Option, "--output", text, errors) is not MapNode map)
        {
            errors.Add(new(origin, "", "give settings in braces, such as '{format: eve, path: eve.json}'"));
            return null;
        }

        var values = new SettingCheck(Table, errors).Run(map);
        if (errors.Count == 0)
        {
            new SettingMerge(Table, values).AddRuleErrors(errors, "", origin);
        }

        return errors.Count > 0 ? null
            : Read(Table.Command.Parse([.. values.SelectMany(value => value.Arguments)], SettingMerge.Parser));
    }

    static ServeOutput Read(ParseResult parsed)
    {
        var events = parsed.GetValue(Events) is { Length: > 0 } given ? given : [Predictions, Flows];
        return new(parsed.GetRequiredValue(Format), parsed.GetRequiredValue(Path))
        {
            Labels = parsed.GetValue(Labels) ?? [],
            MinConfidence = parsed.GetValue(Confidence) ?? 0,
            HasPredictions = events.Contains(Predictions),
            HasFlows = events.Contains(Flows),
            Limits = Limits.Read(parsed),
        };
    }
}
