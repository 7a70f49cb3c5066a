import * as z from 'zod';

/** Of Google alone: what a key names as the place for its tokens is where a signed assertion is sent. */
const googleUrl = z
  .string()
  .max(500)
  .regex(/^https:\/\/[a-z0-9.-]+\.(googleapis|google)\.com\/[\w./@%-]*$/, { error: 'must be an address of Google' });
const tokenUrl = z.literal('https://oauth2.googleapis.com/token', { error: 'must be that of Google' });
const universe = z.literal('googleapis.com', { error: 'must be googleapis.com' });

/** `my-project`, or `example.com:my-project` of the old kind. */
const project = /^([a-z0-9.-]{1,63}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const account = /^[a-z0-9-]{1,63}@[a-z0-9.:-]{1,127}\.gserviceaccount\.com$/;
const pem = /^-----BEGIN PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,76}\n){1,80}-----END PRIVATE KEY-----\n?$/;

/** The key file of a service account, as the console or `gcloud iam service-accounts keys create` gives it. */
export const gcpKey = z
  .strictObject({
    type: z.literal('service_account', { error: 'must be service_account' }),
    project_id: z.string().regex(project, { error: 'must be the id of a project' }),
    private_key_id: z.string().regex(/^[a-f0-9]{8,64}$/, { error: 'must be 8 to 64 hexadecimal digits' }),
    private_key: z.string().regex(pem, { error: 'must be a private key in PEM, PKCS #8' }),
    client_email: z.string().regex(account, { error: 'must be the address of a service account' }),
    client_id: z
      .string()
      .regex(/^\d{1,30}$/, { error: 'must be a number' })
      .optional(),
    auth_uri: googleUrl.optional(),
    token_uri: tokenUrl.optional(),
    auth_provider_x509_cert_url: googleUrl.optional(),
    client_x509_cert_url: googleUrl.optional(),
    universe_domain: universe.optional(),
  })
  .meta({
    id: 'GcpServiceAccountKey',
    example: {
      type: 'service_account',
      project_id: 'my-project',
      private_key_id: '0123456789abcdef0123456789abcdef01234567',
      private_key: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n',
      client_email: 'skyclust@my-project.iam.gserviceaccount.com',
    },
  });

const metadata = 'http://169.254.169.254/latest';
const impersonation =
  /^https:\/\/iamcredentials\.googleapis\.com\/v1\/projects\/-\/serviceAccounts\/[a-z0-9-]{1,63}@[a-z0-9.:-]{1,127}\.gserviceaccount\.com:generateAccessToken$/;

/**
 * Workload identity federation, as `gcloud iam workload-identity-pools create-cred-config --aws` writes it, with or without `--service-account`. A configuration says where to fetch
 * tokens from, which a stranger must not choose (https://cloud.google.com/docs/authentication/client-libraries#external-credentials): the
 * addresses are those of Google and AWS, and files, commands and other sources are not taken.
 */
export const gcpWorkload = z
  .strictObject({
    type: z.literal('external_account', { error: 'must be external_account' }),
    audience: z
      .string()
      .regex(
        /^\/\/iam\.googleapis\.com\/projects\/\d{1,20}\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/,
        { error: 'must name a provider of a workload identity pool' },
      ),
    subject_token_type: z.literal('urn:ietf:params:aws:token-type:aws4_request', { error: 'must be that of AWS' }),
    token_url: z.literal('https://sts.googleapis.com/v1/token', { error: 'must be that of Google' }),
    service_account_impersonation_url: z
      .string()
      .regex(impersonation, { error: 'must name a service account to impersonate' })
      .optional(),
    service_account_impersonation: z.strictObject({ token_lifetime_seconds: z.int().min(600).max(43_200) }).optional(),
    credential_source: z.strictObject({
      environment_id: z.literal('aws1', { error: 'must be aws1' }),
      region_url: z
        .literal(`${metadata}/meta-data/placement/availability-zone`, { error: 'must be that of AWS' })
        .optional(),
      url: z.literal(`${metadata}/meta-data/iam/security-credentials`, { error: 'must be that of AWS' }).optional(),
      regional_cred_verification_url: z.literal(
        'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
        { error: 'must be that of AWS' },
      ),
      imdsv2_session_token_url: z.literal(`${metadata}/api/token`, { error: 'must be that of AWS' }).optional(),
    }),
    universe_domain: universe.optional(),
  })
  .meta({
    id: 'GcpWorkloadIdentity',
    example: {
      type: 'external_account',
      audience:
        '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/skyclust/providers/skyclust-aws',
      subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
      token_url: 'https://sts.googleapis.com/v1/token',
      service_account_impersonation_url:
        'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/skyclust@my-project.iam.gserviceaccount.com:generateAccessToken',
      credential_source: {
        environment_id: 'aws1',
        regional_cred_verification_url:
          'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
      },
    },
  });
