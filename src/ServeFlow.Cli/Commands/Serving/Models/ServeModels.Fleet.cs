using System.Security.Cryptography;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>
/// Makes versions that a fleet sends ready, and answers by them. Until the fleet has decided, a version that came lies
/// hidden: the latest one of the folder answers after a restart.
/// </summary>
sealed partial class ServeModels
{
    /// <summary>Holds versions that came and do not lie in their places yet, by hash.</summary>
    readonly Dictionary<string, (string Folder, ServedModel Model)> received = [];

    /// <summary>Holds whether the fleet has ever decided what answers here: then no newer version takes its place by
    /// itself, as the fleet's versions lie among the sensor's own.</summary>
    bool isSteered;

    /// <summary>Holds whether a version was made ready that the fleet may decide for next.</summary>
    bool isStaged;

    /// <summary>Holds the version that was made ready before the fleet has asked for it; null for none.</summary>
    ServedModel? prepared;

    (FleetModel? Main, FleetModel? Canary, double Share) followed;

    /// <summary>Gets the folder that all bundles lie in.</summary>
    public string Root => repository.Root;

    /// <summary>Gets whether there is a place for versions of a fleet.</summary>
    public bool TakesVersions => repository.TakesVersions;

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
            MakeReady(model, folder);
        }
    }

    /// <summary>Makes a version ready as <see cref="Stage"/> does, for a decision that may come later: what was changed
    /// at this sensor stands. The version that was prepared before is let go of.</summary>
    /// <inheritdoc cref="Stage"/>
    public void Prepare(FleetModel model, string? folder)
    {
        lock (gate)
        {
            if (prepared is not null)
            {
                ready.Remove(prepared);
            }

            prepared = MakeReady(model, folder);
        }
    }

    /// <summary>Returns what was made ready; null where it was so before. Under the gate.</summary>
    ServedModel? MakeReady(FleetModel model, string? folder)
    {
        if (IsStillReady(model, folder is null))
        {
            return null;
        }

        var place = folder ?? repository.FindPlace(model.Name, model.Version);
        var served = Read(repository, new(model.Name, model.Version, place));
        if (served.Bundle.Sha256 != model.Sha256)
        {
            throw Differs(place, model);
        }

        _ = check(served.Bundle.Plan).ToList();
        sensor?.Check(served.Sensor, taskNumber);
        var isNew = !ready.Contains(served) && InUse.Roles.All(entry => entry.Model != served);
        if (isNew)
        {
            ready.Add(served);
            NotePlans();
        }

        if (folder is not null)
        {
            received.Add(model.Sha256, (folder, served));
        }

        return isNew ? served : null;
    }

    /// <summary>Determines whether a version was made ready before. It may have been so for long: every byte of its
    /// files is checked again. Under the gate.</summary>
    /// <param name="liesHere">Whether it lies in its place if it was not received.</param>
    /// <exception cref="InputException">What was received is damaged; it is let go of.</exception>
    bool IsStillReady(FleetModel model, bool liesHere)
    {
        if (!HasReceived(model))
        {
            return liesHere && FindReady(model) is { } known && Bundle.Check(known.Entry.Folder!) == model.Sha256;
        }

        try
        {
            return Bundle.Check(received[model.Sha256].Folder) == model.Sha256;
        }
        catch (InputException)
        {
            LetGo(model.Sha256);
            throw;
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
    /// <param name="but">What is kept; null for nothing.</param>
    public void DropReceived(FleetModel? but = null)
    {
        lock (gate)
        {
            isStaged = false;
            received.Keys.Where(hash => hash != but?.Sha256).ToList().ForEach(LetGo);
            NotePlans();
        }
    }

    /// <summary>Lets go of a version that was received. Under the gate.</summary>
    void LetGo(string hash)
    {
        if (received.Remove(hash, out var got))
        {
            ready.Remove(got.Model);
            if (Directory.Exists(got.Folder))
            {
                Directory.Delete(got.Folder, recursive: true);
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
    ServedModel Find(FleetModel model) =>
        FindReady(model) ?? Read(repository, repository.Find(model.Name, model.Version));

    ServedModel? FindReady(FleetModel model) => InUse.Roles.Select(one => one.Model).Concat(ready).Concat(earlier)
        .FirstOrDefault(one => one.Bundle.Sha256 == model.Sha256
            && (one.Entry.Name, one.Entry.Version) == (model.Name, model.Version));

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
