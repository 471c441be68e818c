using Orleans.Concurrency;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Bundles;

/// <summary>Hands calls to the store of the worker that it is on.</summary>
[StatelessWorker(1)]
[Reentrant]
sealed class BundleGrain(BundleStore store) : Grain, IBundleGrain
{
    string Hash => this.GetPrimaryKeyString();

    public Task<IReadOnlyList<BundlePart>> ListAsync() => Task.Run(() => store.List(Hash));

    public Task<string> ExplainLossAsync() => Task.FromResult(store.ExplainLoss(Hash));

    public Task<byte[]> ReadAsync(string file, long offset) => Task.Run(() => store.Read(Hash, file, offset));

    public Task<string> WriteAsync(string upload, string file, long offset, byte[] piece) =>
        Task.Run(() => Try(() => store.Write(upload, file, offset, piece)));

    public Task<string> FinishAsync(string upload, FleetModel model) => Task.Run(() => Try(() =>
    {
        if (model.Sha256 != Hash)
        {
            throw new InputException($"{model}: its hash is not the one that was named");
        }

        store.Take(store.FindUpload(upload), model);
    }));

    static string Try(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (Exception e) when (e is InputException || e.IsFileFailure)
        {
            return e.Message;
        }
    }
}
