using ServeFlow.Cascade.Bundles;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Knows the sensor's own model, which answers where a fleet leaves that to the sensor, over restarts too.
/// </summary>
sealed partial class ServeModels
{
    /// <summary>Holds what answers where the fleet leaves that to the sensor.</summary>
    RepositoryEntry own = start.Entry;

    /// <summary>Keeps the name of <see cref="own"/> over a restart; empty where nothing does.</summary>
    string ownFile = "";

    /// <summary>Answers by the model that answered before the fleet decided for the first time, as the latest version
    /// may be one that the fleet sent. A model that was asked for by its version answers as it is.</summary>
    /// <param name="file">Keeps the name of that model over restarts; belongs to this sensor alone.</param>
    public void BeginByOwn(string file)
    {
        ownFile = file;
        try
        {
            isSteered = File.Exists(file);
            if (!isSteered)
            {
                return;
            }

            var kept = ModelName.Parse(File.ReadAllText(file).Trim());
            if (isPinned || kept.Name != own.Name)
            {
                KeepOwn();
            }
            else if (kept.Version != own.Version)
            {
                own = repository.Find(kept.Name, kept.Version);
                Activate(() => Read(repository, own), isPinned: true, isTold: false);
                earlier.Clear();
                say($"{Main.Name} answers, as before the fleet's first decision ({file}); --model NAME@VERSION chooses "
                    + "another");
            }
        }
        catch (Exception e) when (e is InputException || e.IsFileFailure)
        {
            own = Main.Entry;
            say($"{file}: {e.Message.TrimEnd('.')}: {Main.Name} answers");
        }
    }

    /// <summary>Writes down which model is the sensor's own.</summary>
    void KeepOwn()
    {
        var text = $"{own.Name}@{own.Version}\n";
        try
        {
            if (ownFile.Length > 0 && !(File.Exists(ownFile) && File.ReadAllText(ownFile) == text))
            {
                File.WriteAllText($"{ownFile}.new", text);
                File.Move($"{ownFile}.new", ownFile, overwrite: true);
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            say($"{ownFile}: cannot be written: {e.Message.TrimEnd('.')}: a restart begins by the latest version");
        }
    }
}
