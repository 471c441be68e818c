using System.Security.Cryptography;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cluster.Fleets;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>
/// Makes versions that a fleet sends ready, and answers by them. Until the fleet has decided, a version that came lies
/// hidden: the latest one of the folder answers after a restart.
/// </summary>
sealed partial class ServeModels
{
    /// <summary>Holds versions that came and do not lie in their places yet, by hash.</summary>
    readonly Dictionary<string, (string Folder, ServedModel Model)> received = [];

    /// <summary>Is what answers where the fleet leaves that to the sensor.</summary>
    RepositoryEntry own = start.Entry;

    /// <summary>Keeps the name of <see cref="own"/> over a restart; empty where nothing does.</summary>
    string ownFile = "";

    /// <summary>Holds whether the fleet has ever decided what answers here: then no newer version takes its place by
    /// itself, as the fleet's versions lie among the sensor's own.</summary>
    bool isSteered;

    /// <summary>Holds whether a version was made ready that the fleet may decide for next.</summary>
    bool isStaged;

    (FleetModel? Main, FleetModel? Canary, double Share) followed;

    /// <summary>Gets the folder that all bundles lie in.</summary>
    public string Root => repository.Root;

    /// <summary>Gets whether there is a place for versions of a fleet.</summary>
    public bool TakesVersions => repository.TakesVersions;

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

    /// <summary>Finds a version to give to a fleet, and its folder. Whoever receives it checks its files.</summary>
    /// <param name="version">Null for the latest.</param>
    /// <exception cref="InputException">There is none, or it cannot be read.</exception>
    public (FleetModel Model, string Folder) FindVersion(string name, int? version)
    {
        lock (gate)
        {
            var entry = repository.Find(name, version);
            return entry.Version is > 0 and var number
                ? (new(entry.Name, number, ReadHash(entry.Folder!)), entry.Folder!)
                : throw new InputException($"{entry.Folder}: is no version of a bundle: put it into a folder with its "
                    + $"number, such as {name}/1");
        }
    }

    /// <summary>Determines whether a version lies in its place, or was received.</summary>
    /// <exception cref="InputException">Another content lies there, or there is no place for it.</exception>
    public bool HasVersion(FleetModel model)
    {
        lock (gate)
        {
            var place = repository.FindPlace(model.Name, model.Version);
            return HasReceived(model) || (Directory.Exists(place) && CheckSame(place, model));
        }
    }

    /// <summary>Reads a version, checks every byte of it and that the sensor can answer by it, compiles it and keeps it
    /// ready.</summary>
    /// <param name="folder">Where it was received; null where it lies in its place.</param>
    /// <exception cref="InputException">It cannot be used.</exception>
    public void Stage(FleetModel model, string? folder)
    {
        lock (gate)
        {
            isStaged = true;
            if (HasReceived(model))
            {
                return;
            }

            var place = folder ?? repository.FindPlace(model.Name, model.Version);
            var served = Read(repository, new(model.Name, model.Version, place));
            if (served.Bundle.Sha256 != model.Sha256)
            {
                throw Differs(place, model);
            }

            _ = check(served.Bundle.Plan).ToList();
            sensor?.Check(served.Sensor, taskNumber);
            if (!ready.Contains(served) && InUse.Roles.All(entry => entry.Model != served))
            {
                ready.Add(served);
                NotePlans();
            }

            if (folder is not null)
            {
                received.Add(model.Sha256, (folder, served));
            }
        }
    }

    /// <summary>Answers by what a fleet has decided. What it decided before stands as it is, with what was changed at
    /// this sensor since.</summary>
    /// <param name="main">What answers; null for the sensor's own model.</param>
    /// <param name="canary">What answers a share of the flows; null for nothing.</param>
    /// <exception cref="InputException">It cannot: what answered before answers on.</exception>
    public void Follow(FleetModel? main, FleetModel? canary, double share)
    {
        var wanted = (main, canary, canary is null ? 0 : share);
        if (!isStaged && followed == wanted)
        {
            return;
        }

        if ((main ?? canary) is not null)
        {
            KeepOwn();
            isSteered = true;
        }

        Settle(main);
        Settle(canary);
        if (main is not null ? main.Sha256 != Main.Bundle.Sha256
            : followed.Main is not null && (Main.Entry.Name, Main.Entry.Version) != (own.Name, own.Version))
        {
            Activate(() => main is null ? Read(repository, repository.Find(own.Name, own.Version)) : Find(main),
                isPinned: true);
        }

        followed.Main = main;
        if (canary is not null && canary.Sha256 != Main.Bundle.Sha256
            && (InUse.Canary?.Bundle.Sha256 != canary.Sha256 || InUse.Share != share))
        {
            Change(() => Canary(Find(canary), share), _ => { });
        }
        else if (canary is null && followed.Canary is not null && InUse.Canary is not null)
        {
            StopCanary();
        }

        followed = wanted;
    }

    /// <summary>Lets go of what was received and is not used.</summary>
    public void DropReceived()
    {
        lock (gate)
        {
            isStaged = false;
            var folders = received.Values.Select(one => one.Folder).ToList();
            ready.RemoveAll(model => received.Values.Any(one => one.Model == model));
            received.Clear();
            NotePlans();
            foreach (var folder in folders.Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Determines whether a version was received and is still there. Under the gate.</summary>
    bool HasReceived(FleetModel model)
    {
        if (received.TryGetValue(model.Sha256, out var got) && !Directory.Exists(got.Folder))
        {
            received.Remove(model.Sha256);
            ready.Remove(got.Model);
            NotePlans();
        }

        return received.ContainsKey(model.Sha256);
    }

    /// <summary>Finds a version that is ready, or reads it.</summary>
    ServedModel Find(FleetModel model) => InUse.Roles.Select(one => one.Model).Concat(ready).Concat(earlier)
        .FirstOrDefault(one => one.Bundle.Sha256 == model.Sha256
            && (one.Entry.Name, one.Entry.Version) == (model.Name, model.Version))
        ?? Read(repository, repository.Find(model.Name, model.Version));

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

    static bool CheckSame(string place, FleetModel model) =>
        File.Exists(Path.Combine(place, BundleFolder.ManifestName))
            && (ReadHash(place) == model.Sha256 ? true : throw Differs(place, model));

    static string ReadHash(string place)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(
                Path.Combine(place, BundleFolder.ManifestName))));
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{place}: cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    static InputException Differs(string place, FleetModel model) =>
        new($"{place}: is another {model} than the fleet's ({model.Sha256[..8]}): publish that under a new version");

    /// <summary>Moves a version that was received to its place.</summary>
    void Settle(FleetModel? model)
    {
        lock (gate)
        {
            if (model is null || !received.Remove(model.Sha256, out var got))
            {
                return;
            }

            var place = repository.FindPlace(model.Name, model.Version);
            if (Directory.Exists(place) && CheckSame(place, model)) // another sensor may have the same folder
            {
                Directory.Delete(got.Folder, recursive: true);
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                Directory.Move(got.Folder, place);
            }

            if (ready.Remove(got.Model))
            {
                ready.Add(new(new(model.Name, model.Version, place), got.Model.Bundle.WithFolder(place)));
            }
        }
    }
}
