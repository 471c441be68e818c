using System.Reflection;
using System.Runtime.InteropServices;
using ServeFlow.Packets.Filters;
using Xunit;

namespace ServeFlow.Tests.Packets.Filters;

/// <summary>libpcap's own interpreter, which ours is compared with.</summary>
static unsafe partial class PcapOracle
{
    static PcapOracle() => NativeLibrary.SetDllImportResolver(typeof(PcapOracle).Assembly, Resolve);

    public static void RequireLibrary() => Assert.SkipUnless(PcapLibrary.IsAvailable, "takes libpcap0.8");

    public static uint Run(ReadOnlySpan<BpfInstruction> program, ReadOnlySpan<byte> packet, int wireLength)
    {
        fixed (BpfInstruction* instructions = program)
        {
            fixed (byte* bytes = packet)
            {
                byte nothing;
                return Filter(instructions, bytes == null ? &nothing : bytes, (uint)wireLength, (uint)packet.Length);
            }
        }
    }

    public static bool IsSound(ReadOnlySpan<BpfInstruction> program)
    {
        fixed (BpfInstruction* instructions = program)
        {
            return Validate(instructions, program.Length) != 0;
        }
    }

    [LibraryImport("pcap", EntryPoint = "bpf_filter")]
    private static partial uint Filter(BpfInstruction* program, byte* packet, uint wireLength, uint captured);

    [LibraryImport("pcap", EntryPoint = "bpf_validate")]
    private static partial int Validate(BpfInstruction* program, int length);

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "pcap" && NativeLibrary.TryLoad("libpcap.so.0.8", out var handle) ? handle : 0;
}
