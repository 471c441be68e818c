using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cli.Configuration;
using ServeFlow.Packets.Filters;
using ServeFlow.Sinks;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// Checks what the values of a configuration mean, without opening anything: places of outputs, filters, labels. What
/// this machine lacks, such as the bundle, is a note and no error: the file may be meant for another one.
/// </summary>
sealed class ServeConfigurationCheck(ReadConfiguration configuration)
{
    /// <summary>Gets what could not be checked here, and why.</summary>
    public List<string> Notes { get; } = [];

    public IEnumerable<ConfigurationError> FindErrors()
    {
        var options = ServeCommand.ParseOptions(configuration.Parse());
        var plan = LoadPlan(options);
        CheckCluster(options);
        ConfigurationError?[] errors =
        [
            Try("outputs", () => ServeOutputCheck.RunTogether(options)),
            .. options.Sinks.Outputs.Select((output, place) => TryOutput(place, () => ServeOutputCheck.Run(output))),
            Try("http.cert", () => CheckCertificates(options.Http)),
            Try("remote.token-file", () => options.Remote?.ReadToken?.Invoke()),
            Try("capture.filter", () => CompileFilter(options.Filter)),
            .. options.Sinks.Outputs.Where(_ => plan is not null)
                .Select((output, place) => TryOutput(place, () => output.Compile(plan!))),
            .. options.Dump.Filters.Where(_ => plan is not null)
                .Select(filter => Try("dump.flows", () => AnswerFilter.Parse(filter, plan!))),
        ];
        return errors.OfType<ConfigurationError>();
    }

    void CheckCluster(ServeOptions options)
    {
        try
        {
            options.Cluster?.Invoke();
        }
        catch (InputException e)
        {
            Notes.Add($"not usable on this machine: {e.Message}");
        }
    }

    CascadePlan? LoadPlan(ServeOptions options)
    {
        try
        {
            var models = TaskModels.Open(options.Tasks, options.Bundle, options.Model);
            return models is [var only] ? only.Main.Bundle.Plan : null;
        }
        catch (InputException e)
        {
            Notes.Add($"not checked: labels and tiers, as the bundle cannot be read here: {e.Message}");
            return null;
        }
    }

    void CheckCertificates(ServeHttpOptions options)
    {
        string?[] files = [options.Certificate, options.Key, options.ClientAuthorities];
        if (files.FirstOrDefault(file => file is not null && !File.Exists(file)) is { } missing)
        {
            Notes.Add($"not checked: certificates of HTTP: {missing}: is not on this machine");
        }
        else
        {
            options.LoadTls();
        }
    }

    void CompileFilter(string? filter)
    {
        try
        {
            if (filter is not null)
            {
                PacketFilter.Compile(filter);
            }
        }
        catch (InputException e) when (e.InnerException is DllNotFoundException)
        {
            Notes.Add($"not checked: capture.filter: {e.Message}");
        }
    }

    ConfigurationError? Try(string key, Action step) => Try(step) is { } message
        ? new(Find(key).Origin, key, $"{key}: {message}")
        : null;

    /// <param name="place">The place of the output in the list.</param>
    ConfigurationError? TryOutput(int place, Action step)
    {
        if (Try(step) is not { } message)
        {
            return null;
        }

        var value = Find("outputs");
        var (key, origin) = place < value.Items.Count ? ($"outputs[{place}]", value.Items[place])
            : ("outputs", value.Origin);
        return new(origin, key,
            $"{key}: {(message.StartsWith("--", StringComparison.Ordinal) ? message[2..] : message)}");
    }

    /// <summary>Gets what is wrong; null where nothing is.</summary>
    static string? Try(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }

    SettingValue Find(string key) => configuration.Effective().First(value => value.Row.Key == key);
}
