using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Configuration;

namespace ServeFlow.Cli.Tests.Configuration;

/// <summary>A configuration of a test, in a folder of its own.</summary>
sealed class ConfigurationFile : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-config-").FullName;

    public ConfigurationFile(string text) => File.WriteAllText(Path, text);

    public string Path => System.IO.Path.Combine(folder, "serveflow.yaml");

    /// <summary>Reads it with options of <c>serve</c> and variables beside it.</summary>
    public ReadConfiguration Read(string options = "", params (string Name, string Value)[] variables) =>
        ServeCommand.Create().Open(Path, options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            variables.ToDictionary(variable => variable.Name, variable => variable.Value)).Read();

    /// <summary>Gets what is wrong, each line without the folder.</summary>
    public static IReadOnlyList<string> FindErrors(string text, params (string Name, string Value)[] variables)
    {
        using var file = new ConfigurationFile(text);
        return [.. file.Read("", variables).Errors
            .Select(error => error.ToString().Replace(file.Path, "f", StringComparison.Ordinal))];
    }

    /// <summary>Gets a setting's value and origin as the dump shows them.</summary>
    public string Show(string key, string options = "", params (string Name, string Value)[] variables)
    {
        var value = Read(options, variables).Effective().Single(value => value.Row.Key == key);
        return $"{string.Join(' ', value.Words)} {value.Origin}".Replace(Path, "f", StringComparison.Ordinal).Trim();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
