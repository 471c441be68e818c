using System.Text.Json;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Keeps a fleet's state in a file.</summary>
public static class FleetStateFile
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads a state; gives an empty one where there is none, or none that can be read.</summary>
    public static FleetState Read(string path)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<FleetState>(File.ReadAllBytes(path), Json) is
            {
                Id: not null, By: not null, Cluster: not null, Setting.Sensors: not null, Earlier: not null,
                Published: not null,
            }
                state && state.Earlier.All(one => one is { Sensors: not null })
                && state.Published.All(model => model is not null) ? state : new();
        }
        catch (Exception e) when (e is JsonException || e.IsFileFailure)
        {
            return new(); // the fleet tells it again
        }
    }

    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, FleetState state)
    {
        try
        {
            var next = path + ".new";
            using (var file = File.Create(next))
            {
                JsonSerializer.Serialize(file, state, Json);
                file.Flush(flushToDisk: true); // else a loss of power may leave an empty file
            }

            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be written: {e.Message.TrimEnd('.')}: a restart without the "
                + "cluster begins by the configuration", e);
        }
    }
}
