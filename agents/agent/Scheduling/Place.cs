using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Agent.Scheduling;

/// <summary>A place among many, from 0 to below 1: always the same for one name, evenly spread over names.</summary>
public static class Place
{
    /// <param name="name">Salted by the agent, so that a device known to two agents has a place with each.</param>
    public static double Of(string name) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) / (uint.MaxValue + 1.0);
}
