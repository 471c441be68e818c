using ServeFlow.Cascade.Bundles;

namespace ServeFlow.Cli.Terminal;

/// <summary>Checks the place of an output before anything is written: what lies there must not be damaged.</summary>
static class OutputPlace
{
    /// <summary>Specifies the beginnings of captures, and of compressed files that may hold one.</summary>
    static readonly byte[][] Captures =
    [
        [0xa1, 0xb2, 0xc3, 0xd4], [0xd4, 0xc3, 0xb2, 0xa1], [0xa1, 0xb2, 0x3c, 0x4d], [0x4d, 0x3c, 0xb2, 0xa1],
        [0xa1, 0xb2, 0xcd, 0x34], [0x34, 0xcd, 0xb2, 0xa1], [0x0a, 0x0d, 0x0d, 0x0a],
        [0x1f, 0x8b], [0x28, 0xb5, 0x2f, 0xfd], [0xfd, 0x37, 0x7a, 0x58], [0x42, 0x5a, 0x68], [0x04, 0x22, 0x4d, 0x18],
        [0x02, 0x21, 0x4c, 0x18],
    ];

    static readonly string[] CompressedNames = [".gz", ".bz2", ".xz", ".zst", ".lz4"];

    /// <summary>Checks a file that is to be written, or a directory that files are to be made in.</summary>
    /// <exception cref="InputException">It lies in a version of a bundle, whose files are verified.</exception>
    public static void CheckBundle(string path) => BundleFolder.CheckOutside(path);

    /// <summary>Checks a directory that a run makes and fills.</summary>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="InputException">It is a file, has something in it, or lies in a bundle.</exception>
    public static void CheckNew(string option, string directory)
    {
        CheckBundle(directory);
        if (File.Exists(directory)
            || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            throw new InputException(
                $"{directory}: exists and is not empty; remove it, or name another directory with {option}");
        }
    }

    /// <summary>Checks a file that lines are to be appended to.</summary>
    /// <param name="name">The option that names the file.</param>
    /// <exception cref="InputException">It is a directory, a capture, or lies in a bundle.</exception>
    public static void CheckAppended(string name, string path)
    {
        CheckBundle(path);
        CheckName(name, path);
        if (Directory.Exists(path))
        {
            throw new InputException($"{name} {path}: is a directory; give the name of a file");
        }

        if (IsCapture(path))
        {
            throw new InputException($"{name} {path}: is a capture or a compressed file, which lines appended to it "
                + "would damage; give another name");
        }
    }

    /// <summary>Checks the name of a file that is written as it is.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <exception cref="InputException">It promises that the file is compressed.</exception>
    public static void CheckName(string option, string path)
    {
        if (CompressedNames.FirstOrDefault(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } end)
        {
            throw new InputException($"{option} {path}: is written without compression; leave {end} out, and "
                + "compress the file afterwards");
        }
    }

    static bool IsCapture(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            {
                return false; // a device and a pipe have no length, and are not read to see what they are
            }

            using var file = File.OpenRead(path);
            var begin = new byte[4];
            return file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length
                && Captures.Any(magic => begin.AsSpan().StartsWith(magic));
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return false; // whoever opens it says what is wrong
        }
    }
}
