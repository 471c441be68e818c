using ServeFlow.Training.Trainers.Native;

namespace ServeFlow.Training.Trainers;

/// <summary>Streams a part's flows into LightGBM's binned data set, a block at a time.</summary>
static class BinnedPart
{
    /// <summary>Specifies the number of rows that the bins are found on. Header bits need few; 10,000 × 3,000 columns
    /// stay at 0.4 GB.</summary>
    const int SampleRows = 10_000;

    /// <summary>16 MiB of floats a block.</summary>
    const int BlockValues = 1 << 22;

    public static LightGbmDataSet FromTraining(TrainingPart part, int[] columns, string parameters,
        TrainerOptions options, CancellationToken cancel)
    {
        var rows = new PartRows(part, columns);
        var data = LightGbmDataSet.FromSample(Sample(rows, options), columns.Length, rows.Rows, parameters);
        try
        {
            data.SetColumnNames([.. columns.Select(part.Schema.ColumnName)]);
            Fill(data, rows, part, options, cancel);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>Creates a part with the bins of <paramref name="training"/>, for validation.</summary>
    public static LightGbmDataSet FromReference(LightGbmDataSet training, TrainingPart part, int[] columns,
        TrainerOptions options, CancellationToken cancel)
    {
        var rows = new PartRows(part, columns);
        var data = training.WithRows(rows.Rows);
        try
        {
            Fill(data, rows, part, options, cancel);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    static void Fill(LightGbmDataSet data, PartRows rows, TrainingPart part, TrainerOptions options,
        CancellationToken cancel)
    {
        var blockRows = Math.Clamp(BlockValues / rows.Columns, 1, rows.Rows);
        var block = new float[blockRows * rows.Columns];
        for (var start = 0; start < rows.Rows; start += blockRows)
        {
            cancel.ThrowIfCancellationRequested();
            var (from, count) = (start, Math.Min(blockRows, rows.Rows - start));
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
                r => rows.Read(from + r, block.AsSpan(r * rows.Columns, rows.Columns)));
            data.Push(block.AsSpan(0, count * rows.Columns), start);
        }

        int[] labels = [.. part.Flows.Labels];
        data.SetField("label", Array.ConvertAll(labels, label => (float)label));
        if (options.BalanceClasses)
        {
            var weights = ClassWeights.Compute(labels, part.Classes.Count, balance: true);
            data.SetField("weight", Array.ConvertAll(labels, label => (float)weights[label]));
        }
    }

    /// <summary>Takes rows at equal steps, or all if they are few.</summary>
    static float[] Sample(PartRows rows, TrainerOptions options)
    {
        var count = Math.Min(SampleRows, rows.Rows);
        var sample = new float[count * rows.Columns];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
            i => rows.Read((int)((long)i * rows.Rows / count), sample.AsSpan(i * rows.Columns, rows.Columns)));
        return sample;
    }
}
