using System.Text;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Tests.Sinks.Spools;

/// <summary>A folder with a spool in it, and short ways to fill and drain it.</summary>
sealed class SpoolFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("serveflow-spool-").FullName;

    public List<string> Said { get; } = [];

    public IReadOnlyList<string> Segments => [.. Directory.GetFiles(Path, "*.spool").Order()];

    /// <summary>Opens a spool whose segments have an eighth of these bytes.</summary>
    public Spool Open(long maxBytes = 1 << 20) => new(new(Path) { MaxBytes = maxBytes }, Said.Add);

    /// <summary>Puts records into the spool, which are their numbers as text, so many of them in each group.</summary>
    public static void Fill(Spool spool, int first, int count, int group = int.MaxValue, int width = 1)
    {
        for (var i = 0; i < count; i++)
        {
            spool.Append(Encoding.ASCII.GetBytes((first + i).ToString("D" + width)));
            if ((i + 1) % group == 0)
            {
                spool.Commit();
            }
        }

        spool.Commit();
    }

    /// <summary>Takes everything that is there, and acknowledges it on request; returns numbers and texts.</summary>
    public static List<(long Sequence, int Value)> Drain(Spool spool, bool acknowledges = true)
    {
        var batch = new SpoolBatch();
        var all = new List<(long, int)>();
        while (true)
        {
            spool.Take(batch);
            if (batch.Count == 0)
            {
                return all;
            }

            for (var i = 0; i < batch.Count; i++)
            {
                all.Add((batch[i].Sequence, int.Parse(batch[i].Payload)));
            }

            if (acknowledges)
            {
                spool.Acknowledge();
            }
        }
    }

    /// <summary>Makes another folder with the same files.</summary>
    public SpoolFolder Copy()
    {
        var copy = new SpoolFolder();
        foreach (var file in Directory.GetFiles(Path))
        {
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
