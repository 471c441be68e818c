using ServeFlow.Sinks.Spools;
using Xunit;

namespace ServeFlow.Tests.Sinks.Spools;

/// <summary>A spool, and beside it what must be true of it after every step.</summary>
sealed class SpoolModel(SpoolFolder folder)
{
    readonly SpoolBatch batch = new();
    readonly HashSet<int> delivered = [];
    Spool spool = folder.Open(1 << 17);
    Queue<List<int>> sent = [];
    int written;
    long droppedBefore;

    public void Step(int choice)
    {
        switch (choice)
        {
            case < 45:
                SpoolFolder.Fill(spool, written + 1, choice + 1, width: 60 + choice);
                written += choice + 1;
                break;
            case < 65:
                Take();
                break;
            case < 85 when sent.Count > 0:
                spool.Acknowledge();
                delivered.UnionWith(sent.Dequeue());
                break;
            case < 92:
                spool.Rewind();
                sent = [];
                break;
            case >= 97:
                Restart();
                break;
        }

        var now = spool.Statistics;
        Assert.True(now.Bytes <= now.MaxBytes, $"{now}");
        Assert.True(now.Waiting >= 0, $"{now}");
    }

    /// <summary>Delivers what is left: every record was delivered or dropped.</summary>
    public void End()
    {
        spool.Rewind();
        SpoolFolder.Drain(spool).ForEach(record => delivered.Add(record.Value));
        var end = spool.Statistics;
        Assert.Equal((0, 0), (end.Waiting, end.Damaged));
        Assert.True(written - delivered.Count <= end.Dropped + droppedBefore, $"{written} {delivered.Count} {end}");
        spool.Dispose();
    }

    void Take()
    {
        spool.Take(batch);
        if (batch.Count == 0)
        {
            return;
        }

        var values = new List<int>();
        for (var i = 0; i < batch.Count; i++)
        {
            values.Add(int.Parse(batch[i].Payload));
            Assert.Equal(values[^1], batch[i].Sequence);
        }

        sent.Enqueue(values);
    }

    void Restart()
    {
        droppedBefore += spool.Statistics.Dropped;
        spool.Dispose();
        sent = [];
        spool = folder.Open(1 << 17);
    }
}
