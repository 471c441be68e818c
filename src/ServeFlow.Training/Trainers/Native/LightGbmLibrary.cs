using System.Runtime.InteropServices;

namespace ServeFlow.Training.Trainers.Native;

/// <summary>Sees that LightGBM's native library is there, silences it and turns its failures into exceptions.</summary>
static partial class LightGbmLibrary
{
    static readonly Lock Gate = new();
    static bool ready;

    /// <summary>Call before the first native call of any object.</summary>
    /// <exception cref="InputException">The library or one that it needs cannot be loaded; says what to
    /// install.</exception>
    public static void Require()
    {
        lock (Gate)
        {
            if (!ready)
            {
                Load();
                ready = true;
            }
        }
    }

    /// <exception cref="InvalidOperationException">A native call failed; the text is LightGBM's own.</exception>
    public static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException("LightGBM: "
                + Marshal.PtrToStringUTF8(LightGbmNative.GetLastError()));
        }
    }

    /// <exception cref="InputException">LightGBM's package has no library for such a processor.</exception>
    internal static void Check(Architecture processor)
    {
        if (processor != Architecture.X64)
        {
            throw new InputException("LightGBM's native library exists for x64 only, this process runs on "
                + $"{processor}: train decision trees and forests alone (dt, rf, et), or on an x64 machine, whose "
                + "bundles run here")
            {
                Settings = [Setting.Models],
            };
        }
    }

    static void Load()
    {
        Check(RuntimeInformation.ProcessArchitecture);
        if (OperatingSystem.IsLinux())
        {
            // libgomp's threads spin while they wait, each for the other's core as soon as anything else runs on the
            // machine: a training of 8 s then took 320 s. It reads this once, when it is loaded; a user's own setting
            // stands.
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
            if (!NativeLibrary.TryLoad("libgomp.so.1", out _))
            {
                throw new InputException("libgomp.so.1 is missing, which LightGBM's native library needs: "
                    + "apt-get install libgomp1");
            }
        }

        try
        {
            // The default log goes to stdout, which belongs to records and JSON.
            Check(LightGbmNative.RegisterLogCallback(LogSink.Pointer));
        }
        catch (DllNotFoundException e)
        {
            throw new InputException("LightGBM's native library lib_lightgbm cannot be loaded from beside the program: "
                + "restore the NuGet package LightGBM and publish again", e);
        }
    }

    /// <summary>The C library's: .NET's own copy of the environment is not what native code reads.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    /// <summary>Swallows the log; errors come back by <see cref="LightGbmNative.GetLastError"/>.</summary>
    static class LogSink
    {
        // Referenced for ever, or the native side would call into collected code.
        static readonly LogCallback Callback = _ => { };

        public static readonly nint Pointer = Marshal.GetFunctionPointerForDelegate(Callback);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        delegate void LogCallback(nint message);
    }
}
