using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Text;
using ServeFlow.Export.Matrices;
using ServeFlow.Features.Matrices;
using Xunit;

namespace ServeFlow.Tests.Matrices;

public sealed partial class NpzMatrixWriterTests : IDisposable
{
    readonly string scratch = Directory.CreateTempSubdirectory("serveflow-npz").FullName;

    [Fact]
    public void Write_LabelledBits_EveryArrayReadsBack()
    {
        var layout = MatrixFixture.Bits;
        var arrays = Write(layout);

        Assert.Equal("|i1 (3, 34)", arrays["X"].Shape);
        Assert.Equal(Cells(layout), MemoryMarshal.Cast<byte, sbyte>(arrays["X"].Data).ToArray().Select(v => (float)v));
        Assert.Equal([0, 0, 1], Values<int>(arrays["pcap"], "<i4 (3,)"));
        Assert.Equal(["a/one.pcap", MatrixFixture.Rows[2].Capture], Texts(arrays["pcaps"]));
        Assert.Equal(["192.168.0.1", "2001:db8::1", "192.168.0.3"], Texts(arrays["src"]));
        Assert.Equal(["10.0.0.2", "2001:db8::2", "10.0.0.4"], Texts(arrays["dst"]));
        Assert.Equal([50000, 50001, 50002], Values<ushort>(arrays["sport"], "<u2 (3,)"));
        Assert.Equal([443, 444, 445], Values<ushort>(arrays["dport"], "<u2 (3,)"));
        Assert.Equal([6, 58, 132], Values<byte>(arrays["proto"], "|u1 (3,)"));
        Assert.Equal([MatrixFixture.FirstNs, MatrixFixture.FirstNs + 1, MatrixFixture.FirstNs + 2],
            Values<long>(arrays["first_ts"], "<M8[ns] (3,)"));
        Assert.Equal([1, 0, 1], Values<int>(arrays["y"], "<i4 (3,)"));
        Assert.Equal(["dns", "zoom"], Texts(arrays["labels"]));
        Assert.Equal(layout.Names, Texts(arrays["columns"]));
        Assert.Equal([layout.Schema.Set, layout.Schema.Mask, layout.Schema.Hash], Texts(arrays["schema"]));
    }

    [Fact]
    public void Write_Numbers_AreFloatsAndHaveNoLabels()
    {
        var arrays = Write(MatrixFixture.Numbers);

        Assert.Equal(Cells(MatrixFixture.Numbers), Values<float>(arrays["X"], "<f4 (3, 36)"));
        Assert.DoesNotContain("y", arrays.Keys);
        Assert.DoesNotContain("labels", arrays.Keys);
    }

    [Fact]
    public void Write_NoRow_IsAnEmptyMatrix()
    {
        using var output = new MemoryStream();
        using var writer = new NpzMatrixWriter(output, MatrixFixture.Bits, scratch);
        writer.Complete();

        Assert.Equal("|i1 (0, 34)", Read(output)["X"].Shape);
    }

    [Fact]
    public void Write_AtAnyTime_IsTheSameFile()
    {
        using var output = new MemoryStream();
        using var writer = new NpzMatrixWriter(output, MatrixFixture.Bits, scratch);
        MatrixFixture.Write(writer, MatrixFixture.Bits);

        using var archive = new ZipArchive(new MemoryStream(output.ToArray()), ZipArchiveMode.Read);
        Assert.All(archive.Entries, entry => Assert.Equal(new(1980, 1, 1), entry.LastWriteTime.DateTime));
    }

    [Fact]
    public void Dispose_Always_LeavesNoScratchBehind()
    {
        Write(MatrixFixture.Bits);

        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch));
    }

    public void Dispose() => Directory.Delete(scratch, recursive: true);

    static IEnumerable<float> Cells(MatrixLayout layout) =>
        from row in Enumerable.Range(0, MatrixFixture.Rows.Length)
        from column in Enumerable.Range(0, layout.Columns)
        select MatrixFixture.Value(layout, row, column);

    Dictionary<string, (string Shape, byte[] Data)> Write(MatrixLayout layout)
    {
        using var output = new MemoryStream();
        using var writer = new NpzMatrixWriter(output, layout, scratch);
        MatrixFixture.Write(writer, layout);
        return Read(output);
    }

    static Dictionary<string, (string Shape, byte[] Data)> Read(MemoryStream file)
    {
        using var archive = new ZipArchive(new MemoryStream(file.ToArray()), ZipArchiveMode.Read);
        return archive.Entries.ToDictionary(entry => entry.Name[..^".npy".Length], ReadArray);
    }

    /// <summary>
    /// A .npy file by its specification: magic, version, header length, a Python dictionary, the data.
    /// </summary>
    static (string Shape, byte[] Data) ReadArray(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0], bytes[..8]);
        var start = 10 + BitConverter.ToUInt16(bytes, 8);
        Assert.Equal(0, start % 64);
        var header = HeaderPattern().Match(Encoding.ASCII.GetString(bytes[10..start]));
        Assert.True(header.Success);
        return ($"{header.Groups[1].Value} {header.Groups[2].Value}", bytes[start..]);
    }

    static T[] Values<T>((string Shape, byte[] Data) array, string shape) where T : unmanaged
    {
        Assert.Equal(shape, array.Shape);
        return MemoryMarshal.Cast<byte, T>(array.Data).ToArray();
    }

    static string[] Texts((string Shape, byte[] Data) array)
    {
        var width = 4 * int.Parse(array.Shape[2..array.Shape.IndexOf(' ')]);
        return [.. array.Data.Chunk(width).Select(text => Encoding.UTF32.GetString(text).TrimEnd('\0'))];
    }

    [GeneratedRegex(@"^\{'descr': '(\S+)', 'fortran_order': False, 'shape': (\(.*\)), \} *\n$")]
    internal static partial Regex HeaderPattern();
}
