namespace ServeFlow.Benchmarks.Figures;

/// <summary>The <c>simulation/scale.json</c>: what <c>scale --json</c> printed.</summary>
sealed record ScaleRun(
    ScaleConstants Constants, ScaleAssumptions Assumptions, CheckedPoint[] Checks, SitePlan[] Plans,
    SensorLimits[] Limits, LoadStep[] Loads, CreditRun[] Credits);

/// <summary>Holds the constants that were fitted to measurements.</summary>
/// <param name="FlowNs">A flow of one packet, on one thread of an idle machine.</param>
/// <param name="PacketNs">Each further packet of it.</param>
/// <param name="Sharing">How much longer work takes with each doubling of the busy cores, as a share.</param>
/// <param name="Siblings">How many times as long work takes while the other thread of its core is busy too.</param>
/// <param name="MaxFlows">New flows a second that the memory of a machine takes.</param>
/// <param name="LoneThreads">How many lone threads would do the work of all threads of a machine.</param>
/// <param name="SinkNs">The records of a flow, on the thread of the sink.</param>
sealed record ScaleConstants(
    double FlowNs, double PacketNs, double Sharing, double Siblings, double MaxFlows, double LoneThreads,
    double SinkNs);

/// <summary>Holds what was not measured, or is a choice.</summary>
/// <param name="Threads">Threads of a machine.</param>
/// <param name="Workers">Packet threads of a sensor.</param>
/// <param name="Load">The share of what machines can do that they are to be used for.</param>
/// <param name="PacketsPerFlow">Packets of a flow.</param>
/// <param name="EscalatedShare">The share of the flows that reach the slow tier.</param>
/// <param name="TransportUs">Processor time that sending a flow takes each side, in microseconds.</param>
/// <param name="CallUs">Processor time that sending a batch takes each side in addition.</param>
/// <param name="BytesOut">Bytes of a flow that are sent to a worker.</param>
/// <param name="BytesBack">Bytes of its answer.</param>
/// <param name="RecordBytes">Bytes of the records of a flow.</param>
/// <param name="LinkGbit">What the link of a machine carries, in gigabits a second.</param>
/// <param name="RoundTripUs">The way to a worker and back, in microseconds.</param>
/// <param name="ThreadHourPrice">The price of a thread for an hour, in US dollars.</param>
sealed record ScaleAssumptions(
    int Threads, int Workers, double Load, int PacketsPerFlow, double EscalatedShare, double TransportUs,
    double CallUs, double BytesOut, double BytesBack, double RecordBytes, double LinkGbit, double RoundTripUs,
    double ThreadHourPrice);

/// <summary>Represents a measured point beside the simulated one.</summary>
/// <param name="Group">What kind of point it is.</param>
/// <param name="Fitted">Whether constants were fitted to it.</param>
/// <param name="Measured">The measured value, in flows a second or nanoseconds.</param>
sealed record CheckedPoint(string Group, string Name, bool Fitted, double Measured, double Simulated)
{
    /// <summary>Gets how far the simulated value lies above the measured one, as a share of it.</summary>
    public double Error => (Simulated / Measured) - 1;
}

/// <summary>Says what a load takes, and how the machines that the formula gives do in the simulation.</summary>
/// <param name="Name">The load's name.</param>
/// <param name="Sites">Sites with a cluster each; one of them is simulated.</param>
/// <param name="SlowUs">The slow tier's time of a flow; 0 where sensors score it themselves.</param>
/// <param name="Sensors">Machines of sensors, of all sites.</param>
/// <param name="SensorsWithoutRecords">The same where no records are written.</param>
/// <param name="PoolNodes">Machines of the pool, of all sites.</param>
/// <param name="Credits">Credits of a packet thread.</param>
/// <param name="PoolGbit">Gigabits a second between sensors and pools, of all sites.</param>
/// <param name="RecordGbit">Gigabits a second of records, of all sites.</param>
/// <param name="DollarsPerMonth">The price of the machines that write records.</param>
/// <param name="Outcome">What the simulation of a site gave.</param>
sealed record SitePlan(
    string Name, double FlowsPerSecond, int Sites, double SlowUs, int Sensors, int SensorsWithoutRecords, int PoolNodes,
    int Credits, double PoolGbit, double RecordGbit, double DollarsPerMonth, SiteOutcome Outcome);

/// <summary>Holds what became of the flows of a simulated site.</summary>
/// <param name="Unavailable">The share of all flows that were answered <c>tier_unavailable</c>.</param>
/// <param name="Late">Those of them that were late, as a share of all flows.</param>
/// <param name="Lost">Those for which no worker had room.</param>
/// <param name="NoCredit">Those for which no batch had room.</param>
/// <param name="Dropped">The share of the flows that found the ring of packets full.</param>
/// <param name="RecordsLost">The share of the records that found their queue full.</param>
/// <param name="MeanBatch">Flows of a batch.</param>
/// <param name="SensorP50Us">The wait for a thread of flows that sensors answer.</param>
/// <param name="SlowP50Us">The wait of flows that the slow tier answers, from the moment in which they escalate.
/// </param>
sealed record SiteOutcome(
    double Unavailable, double Late, double Lost, double NoCredit, double Dropped, double RecordsLost, double MeanBatch,
    double SensorP50Us, double SensorP99Us, double SlowP50Us, double SlowP99Us);

/// <summary>Says at how many new flows a second each part of a sensor is full, whatever the pool has.</summary>
/// <param name="SlowUs">The slow tier's time of a flow.</param>
/// <param name="PacketThreads">Where its packet threads are full.</param>
/// <param name="Records">Where its sink is.</param>
/// <param name="RecordLink">Where the link is that its records leave by.</param>
/// <param name="PoolLink">Where the link to the pool is.</param>
/// <param name="Credits">Where all of its batches are away, with 4 credits.</param>
/// <param name="LargestBatch">The flows of a batch that a busy worker computes within 200 ms.</param>
sealed record SensorLimits(
    double SlowUs, double PacketThreads, double Records, double RecordLink, double PoolLink, double Credits,
    double LargestBatch);

/// <summary>Represents a fixed site under a growing load.</summary>
/// <param name="Load">The load, divided by what its pool can compute.</param>
sealed record LoadStep(double Load, double FlowsPerSecond, SiteOutcome Outcome);

/// <summary>Represents a site of the backbone with a slow tier of a millisecond, at a deadline and a number of credits.
/// </summary>
sealed record CreditRun(double DeadlineMs, int Credits, SiteOutcome Outcome);
