using System.Text.RegularExpressions;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Configuration;
using Xunit;

namespace ServeFlow.Cli.Tests.Configuration;

/// <summary>The table of settings, and what is made from it.</summary>
public sealed class ConfigurationSchemaTests
{
    static readonly SettingTable Table = ServeCommand.Create().Settings;

    static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));

    [Fact]
    public void Create_EverySetting_HasTypeAndHelp()
    {
        var schema = ConfigurationSchema.Create(Table);

        Assert.All(Table.Rows, row =>
        {
            var node = row.Section.Length == 0 ? schema["properties"]![row.Name]
                : schema["properties"]![row.Section]!["properties"]![row.Name];
            Assert.NotEmpty((string)node!["description"]!);
            Assert.NotNull(node["type"]);
        });
    }

    [Fact]
    public void Create_NumbersAndChoices_AreBounded()
    {
        var capture = ConfigurationSchema.Create(Table)["properties"]!["capture"]!["properties"]!;

        Assert.Equal(("""["integer","null"]""", 1, 262144, 262144), (capture["snap-length"]!["type"]!.ToJsonString(),
            (int)capture["snap-length"]!["minimum"]!, (int)capture["snap-length"]!["maximum"]!,
            (int)capture["snap-length"]!["default"]!));
        Assert.Equal("""["auto","af_packet","pcap",null]""", capture["backend"]!["enum"]!.ToJsonString());
        Assert.True((bool)capture["promiscuous"]!["default"]!);
    }

    [Fact]
    public void Create_JsonSchemaOfOthers_AcceptsTheExampleAndRefusesAMistake()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-schema-").FullName;
        File.WriteAllText(Path.Combine(folder, "schema.json"), ConfigurationSchema.Create(Table).ToJsonString());

        var said = Python.Run(["jsonschema", "yaml"], "-c", $"""
            import json, jsonschema, yaml
            schema = json.load(open('{folder}/schema.json'))
            good = yaml.safe_load(open('{Example}'))
            check = jsonschema.validators.validator_for(schema)(schema)
            print(len(list(check.iter_errors(good))))
            good['capture']['workers'] = 0
            good['outputs'][0]['formt'] = 'eve'
            print(len(list(check.iter_errors(good))))
            """);
        Directory.Delete(folder, recursive: true);
        Assert.Equal("0\n2", said.Trim());
    }

    [Fact]
    public void Example_EverySetting_IsShownAndTheFileIsValid()
    {
        var text = File.ReadAllText(Example);
        using var file = new ConfigurationFile(text);

        Assert.Empty(file.Read().Errors);
        Assert.All(Table.Rows, row => Assert.Contains($"{row.Name}:", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Example_Uncommented_IsValidToo()
    {
        var lines = File.ReadLines(Example).Select(line => Regex.Replace(line, "^( *)#(?=[a-z-])", "$1"));
        using var file = new ConfigurationFile(string.Join('\n', lines));

        Assert.Empty(file.Read().Errors);
    }

    [Fact]
    public void Page_EverySetting_IsInTheTables() =>
        Assert.All(Table.Rows.Concat(Table.Rows.SelectMany(row => row.Items?.Rows ?? [])), row =>
            Assert.Contains($"| `{row.Key}` | {row.Default} | {row.Description} |", Page, StringComparison.Ordinal));

    static string Example => Path.Combine(Repository.Root, "examples", "serveflow.yaml");
}
