using System.Security.Cryptography;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
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

    readonly RepositoryEntry own = start.Entry;
    bool followsMain;
    bool followsCanary;

    /// <summary>Gets the folder that all bundles lie in.</summary>
    public string Root => repository.Root;

    /// <summary>Finds a version to give to a fleet, and its folder.</summary>
    /// <param name="version">Null for the latest.</param>
    /// <exception cref="InputException">There is none, or it cannot be used.</exception>
    public (FleetModel Model, string Folder) FindVersion(string name, int? version)
    {
        lock (gate)
        {
            var entry = repository.Find(name, version);
            return entry.Version is > 0 and var number
                ? (new(entry.Name, number, repository.Load(entry, ServedFormats.All).Sha256), entry.Folder!)
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
            return received.ContainsKey(model.Sha256) || (Directory.Exists(place) && CheckSame(place, model));
        }
    }

    /// <summary>Reads a version, checks every byte of it, compiles it and keeps it ready.</summary>
    /// <param name="folder">Where it was received; null where it lies in its place.</param>
    /// <exception cref="InputException">It cannot be used.</exception>
    public void Stage(FleetModel model, string? folder)
    {
        lock (gate)
        {
            if (received.ContainsKey(model.Sha256))
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

    /// <summary>Answers by what a fleet has decided.</summary>
    /// <param name="main">What answers; null for the model that the sensor was started with.</param>
    /// <param name="canary">What answers a share of the flows; null for nothing.</param>
    /// <exception cref="InputException">It cannot: what answered before answers on.</exception>
    public void Follow(FleetModel? main, FleetModel? canary, double share)
    {
        Settle(main);
        Settle(canary);
        if (main is not null ? main.Sha256 != Main.Bundle.Sha256
            : followsMain && (Main.Entry.Name, Main.Entry.Version) != (own.Name, own.Version))
        {
            Activate(() => main is null ? Read(repository, repository.Find(own.Name, own.Version)) : Find(main),
                isPinned: true, say);
        }

        followsMain = main is not null;
        if (canary is not null && canary.Sha256 != Main.Bundle.Sha256
            && (InUse.Canary?.Bundle.Sha256 != canary.Sha256 || InUse.Share != share))
        {
            Change(() => Canary(Find(canary), share), _ => { }, say);
        }
        else if (canary is null && followsCanary && InUse.Canary is not null)
        {
            StopCanary();
        }

        followsCanary = canary is not null;
    }

    /// <summary>Lets go of what was received and is not used.</summary>
    public void DropReceived()
    {
        lock (gate)
        {
            foreach (var (folder, model) in received.Values)
            {
                ready.Remove(model);
                Directory.Delete(folder, recursive: true);
            }

            received.Clear();
            NotePlans();
        }
    }

    /// <summary>Finds a version that is ready, or reads it.</summary>
    ServedModel Find(FleetModel model) => InUse.Roles.Select(one => one.Model).Concat(ready).Concat(earlier)
        .FirstOrDefault(one => one.Bundle.Sha256 == model.Sha256
            && (one.Entry.Name, one.Entry.Version) == (model.Name, model.Version))
        ?? Read(repository, repository.Find(model.Name, model.Version));

    static bool CheckSame(string place, FleetModel model)
    {
        var manifest = Path.Combine(place, BundleFolder.ManifestName);
        return File.Exists(manifest)
            && Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(manifest))) == model.Sha256
                ? true : throw Differs(place, model);
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
