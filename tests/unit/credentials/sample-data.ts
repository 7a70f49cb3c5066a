import { randomBytes } from 'node:crypto';

const pem = (body: string) =>
  `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;

/** As the console of Google writes it. */
export const gcpKeyFile = (privateKey = pem(randomBytes(1_200).toString('base64'))) => ({
  type: 'service_account',
  project_id: 'my-project-123',
  private_key_id: '0123456789abcdef0123456789abcdef01234567',
  private_key: privateKey,
  client_email: 'skyclust@my-project-123.iam.gserviceaccount.com',
  client_id: '123456789012345678901',
  auth_uri: 'https://accounts.google.com/o/oauth2/auth',
  token_uri: 'https://oauth2.googleapis.com/token',
  auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
  client_x509_cert_url:
    'https://www.googleapis.com/robot/v1/metadata/x509/skyclust%40my-project-123.iam.gserviceaccount.com',
  universe_domain: 'googleapis.com',
});

const metadata = 'http://169.254.169.254/latest';

/** As `gcloud iam workload-identity-pools create-cred-config --aws --enable-imdsv2` writes it. */
export const gcpWorkloadConfig = {
  universe_domain: 'googleapis.com',
  type: 'external_account',
  audience: '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/pool/providers/our-aws',
  subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
  token_url: 'https://sts.googleapis.com/v1/token',
  service_account_impersonation_url:
    'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/skyclust@my-project-123.iam.gserviceaccount.com:generateAccessToken',
  credential_source: {
    environment_id: 'aws1',
    region_url: `${metadata}/meta-data/placement/availability-zone`,
    url: `${metadata}/meta-data/iam/security-credentials`,
    regional_cred_verification_url: 'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
    imdsv2_session_token_url: `${metadata}/api/token`,
  },
};

export const azureApp = (clientSecret = 'Abc8Q~0123456789abcdefABCDEF_-.0123456789') => ({
  tenant_id: '72f988bf-86f1-41af-91ab-2d7cd011db47',
  client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  client_secret: clientSecret,
  subscription_id: '00000000-0000-0000-0000-000000000001',
});

export const awsKeyPair = {
  access_key: 'AKIAIOSFODNN7EXAMPLE',
  secret_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-1',
};

export const awsRoleData = { role_arn: 'arn:aws:iam::444455556666:role/team/skyclust', region: 'eu-west-1' };

export const libvirtNode = { node_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' };

/** One of each kind, by its provider. */
export const dataSamples = [
  ['aws', awsKeyPair],
  ['aws', awsRoleData],
  ['gcp', gcpKeyFile()],
  ['gcp', gcpWorkloadConfig],
  ['azure', azureApp()],
  ['libvirt', libvirtNode],
] as const;
