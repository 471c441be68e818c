using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ServeFlow.Onnx;

/// <summary>
/// Has another build of ONNX Runtime's native library compute models than the one that comes with this program, such as
/// one with a provider for GPUs. Nothing here depends on such a build: a folder names it.
/// </summary>
public static class OnnxLibrary
{
    /// <summary>Holds the name by which ONNX Runtime's assembly asks for its native library.</summary>
    const string ImportName = "onnxruntime";

    const string FileName = "libonnxruntime.so";

    /// <summary>Takes the library from a folder. To be called once, before anything else of ONNX Runtime.</summary>
    /// <param name="folder">Has libonnxruntime.so, and the libraries of its providers beside it.</param>
    /// <exception cref="InputException">There is none, or it does not fit.</exception>
    public static void Use(string folder)
    {
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        if (!File.Exists(path))
        {
            throw new InputException($"{folder}: {(Directory.Exists(folder) ? $"has no {FileName}" : "is no folder")}; "
                + "give the folder of the native libraries of an ONNX Runtime package");
        }

        var library = Load(path);
        CheckVersion(library, path);
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly,
            (name, _, _) => name == ImportName ? library : nint.Zero);
    }

    static nint Load(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new InputException($"{path}: cannot be loaded: {PrintableText.Escape(FirstLine(e.Message))}", e);
        }
    }

    /// <summary>Verifies that the library has the interface that the managed half calls, which every later version
    /// keeps.</summary>
    static void CheckVersion(nint library, string path)
    {
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry))
        {
            throw new InputException($"{path}: is no library of ONNX Runtime");
        }

        var calls = Marshal.PtrToStructure<ApiBase>(Marshal.GetDelegateForFunctionPointer<GetPointer>(entry)());
        var found = Marshal.PtrToStringUTF8(
            Marshal.GetDelegateForFunctionPointer<GetPointer>(calls.GetVersionString)()) ?? "";
        var needed = typeof(OrtEnv).Assembly.GetName().Version!;
        if (!Version.TryParse(found, out var version) || version.Major != needed.Major || version.Minor < needed.Minor)
        {
            throw new InputException($"{path}: is ONNX Runtime {PrintableText.Escape(found)}, and "
                + $"{needed.Major}.{needed.Minor} or later is needed");
        }
    }

    static string FirstLine(string text) => text.Split('\n')[0].Trim();

    delegate nint GetPointer();

    /// <summary>Holds what OrtGetApiBase points to, as far as it is called here.</summary>
    [StructLayout(LayoutKind.Sequential)]
    readonly struct ApiBase
    {
        public readonly nint GetApi;
        public readonly nint GetVersionString;
    }
}
