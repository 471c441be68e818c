namespace ServeFlow.Training.Synthesis;

/// <summary>Collects a flow's packets in time order, up to a limit; what comes after it is not said.</summary>
sealed class Script(int limit)
{
    readonly List<Step> steps = new(limit);
    double now;

    public IReadOnlyList<Step> Steps => steps;

    public bool IsFull => steps.Count >= limit;

    public void Wait(double milliseconds) => now += milliseconds * 1000;

    public void Client(int payload, Content content, TcpFlag flags = TcpFlag.None) =>
        AddStep(backward: false, payload, content, flags);

    public void Server(int payload, Content content, TcpFlag flags = TcpFlag.None) =>
        AddStep(backward: true, payload, content, flags);

    void AddStep(bool backward, int payload, Content content, TcpFlag flags)
    {
        if (!IsFull)
        {
            steps.Add(new((long)now, backward, (ushort)payload, flags, content));
        }
    }
}
