using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fleet.Snmp.Usm;

/// <summary>Encrypts and decrypts scoped PDUs in place under one localised key: CBC-DES (RFC 3414 §8.1), CFB128-AES (RFC 3826 §3.1).</summary>
internal sealed class UsmCipher
{
    /// <summary>Octets of msgPrivacyParameters, under every protocol.</summary>
    public const int SaltLength = 8;

    private const int DesBlock = 8, AesBlock = 16;

    private readonly SymmetricAlgorithm algorithm;      // its one-shots are not promised to be safe on several threads
    private readonly byte[]? preIv;

#pragma warning disable CA5351 // DES is what RFC 3414 fixes, and all the privacy some printers have
    /// <param name="key">Localised and extended, <see cref="UsmPrivProtocol"/>'s key length; for DES key and pre-IV.</param>
    public UsmCipher(UsmPrivProtocol protocol, byte[] key)
    {
        if (protocol is UsmPrivProtocol.Des) (algorithm, preIv) = (DES.Create(), key[DesBlock..]);
        else algorithm = Aes.Create();
        algorithm.Key = preIv is null ? key : key[..DesBlock];
    }
#pragma warning restore CA5351

    /// <summary>The buffer a text of so many octets needs: whole blocks.</summary>
    public static int Room(int length) => (length / AesBlock + 1) * AesBlock;

    /// <param name="buffer">The text, with <see cref="Room"/> behind it.</param>
    /// <param name="salt">Never the same twice under one key; DES takes its low half, after the boots (RFC 3414 §8.1.1.1).</param>
    /// <param name="parameters">Eight octets: becomes msgPrivacyParameters.</param>
    /// <returns>Octets of the encrypted text: for DES a multiple of eight, else as many as before.</returns>
    public int Encrypt(Span<byte> buffer, int length, int boots, int time, ulong salt, Span<byte> parameters)
    {
        BinaryPrimitives.WriteUInt64BigEndian(parameters, preIv is null ? salt : ((ulong)(uint)boots << 32) | (salt & uint.MaxValue));
        Span<byte> iv = stackalloc byte[AesBlock];
        iv = iv[..Iv(iv, boots, time, parameters)];
        var blocks = WholeBlocks(buffer, length);
        lock (algorithm)
        {
            if (preIv is not null) return algorithm.EncryptCbc(blocks, iv, blocks, PaddingMode.None);
            algorithm.EncryptCfb(blocks, iv, blocks, PaddingMode.None, AesBlock * 8);
            return length;
        }
    }

    /// <param name="buffer">The encrypted text, with <see cref="Room"/> behind it. Under a wrong key it becomes noise, which the next reader refuses.</param>
    /// <returns>False when it cannot have been made under this protocol (RFC 3414 §8.3.2, RFC 3826 §3.3.2).</returns>
    public bool TryDecrypt(Span<byte> buffer, int length, int boots, int time, ReadOnlySpan<byte> parameters)
    {
        if (parameters.Length != SaltLength || length == 0 || (preIv is not null && length % DesBlock != 0)) return false;
        Span<byte> iv = stackalloc byte[AesBlock];
        iv = iv[..Iv(iv, boots, time, parameters)];
        var blocks = WholeBlocks(buffer, length);
        lock (algorithm)
        {
            if (preIv is not null) algorithm.DecryptCbc(blocks, iv, blocks, PaddingMode.None);
            else algorithm.DecryptCfb(blocks, iv, blocks, PaddingMode.None, AesBlock * 8);
        }
        return true;
    }

    private int Iv(Span<byte> iv, int boots, int time, ReadOnlySpan<byte> parameters)
    {
        if (preIv is not null)
        {
            for (var i = 0; i < DesBlock; i++) iv[i] = (byte)(preIv[i] ^ parameters[i]);
            return DesBlock;
        }
        BinaryPrimitives.WriteInt32BigEndian(iv, boots);
        BinaryPrimitives.WriteInt32BigEndian(iv[4..], time);
        parameters.CopyTo(iv[8..]);
        return AesBlock;
    }

    // The framework's CFB takes whole blocks only; what is encrypted behind the end is cut off again and harms nothing before it.
    private Span<byte> WholeBlocks(Span<byte> buffer, int length)
    {
        var block = preIv is null ? AesBlock : DesBlock;
        var whole = (length + block - 1) / block * block;
        buffer[length..whole].Clear();
        return buffer[..whole];
    }
}
